package io.flotilla.envoy.endpoint;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.envoy.ProxyView;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a client's place decides: by given shares, or nearest first. It names of the client only what matters, so that
 * clients everywhere share the assignments of the rest.
 *
 * @param from    the client's "region/zone/subzone", empty where it does not matter
 * @param labels  of the client, those that the setting compares
 * @param setting the rule
 * @param zones   zones of a region are one to the rule, since Envoy itself weighs them
 */
public record LocalityPolicy(
        String from, SortedMap<String, String> labels, LocalityLoadBalancerSetting setting, boolean zones) {
    private static final LocalityPolicy NONE = new LocalityPolicy(
            "",
            Collections.unmodifiableSortedMap(new TreeMap<>()),
            LocalityLoadBalancerSetting.getDefaultInstance(),
            false);
    private static final int OTHER_REGION = 3;
    private static final int NOT_CHOSEN = 4;

    /** Everything is equally near. */
    public static LocalityPolicy none() {
        return NONE;
    }

    /**
     * What a policy says, else the mesh. Nearest-first needs outlier detection, since without it nothing tells that the
     * nearest are gone.
     */
    public static LocalityPolicy of(TrafficPolicy policy, MeshConfig mesh, ProxyView client) {
        boolean zones = ZoneAwareness.of(policy, mesh).isPresent();
        LocalityLoadBalancerSetting setting = zones
                ? ZoneAwareness.of(policy, mesh).get()
                : policy.getLoadBalancer().hasLocalityLbSetting()
                        ? policy.getLoadBalancer().getLocalityLbSetting()
                        : mesh.getLocalityLbSetting();
        boolean off = setting.hasEnabled() && !setting.getEnabled().getValue();
        boolean shares = setting.getDistributeCount() > 0;
        if (off || !(shares || policy.hasOutlierDetection())) {
            return NONE;
        }
        SortedMap<String, String> compared = new TreeMap<>();
        setting.getFailoverPriorityList().stream()
                .filter(each -> !each.contains("="))
                .forEach(each ->
                        compared.put(each, Places.label(each, client.locality(), client.network(), client.labels())));
        if (client.locality().isEmpty() && setting.getFailoverPriorityCount() == 0) {
            return NONE;
        }
        boolean byPlace = shares || setting.getFailoverPriorityCount() == 0;
        return new LocalityPolicy(
                byPlace ? client.locality() : "", Collections.unmodifiableSortedMap(compared), setting, zones);
    }

    /** Endpoint to priority, from 0 without gaps. */
    Map<MeshEndpoint, Integer> priorities(Collection<MeshEndpoint> endpoints) {
        Map<MeshEndpoint, Integer> priorities = new HashMap<>();
        boolean ordered = !from.isEmpty() || setting.getFailoverPriorityCount() > 0;
        if (!ordered || setting.getDistributeCount() > 0) {
            return priorities;
        }
        endpoints.forEach(endpoint -> priorities.put(endpoint, distance(endpoint)));
        TreeSet<Integer> used = new TreeSet<>(priorities.values());
        priorities.replaceAll((endpoint, distance) -> used.headSet(distance).size());
        return priorities;
    }

    private int distance(MeshEndpoint endpoint) {
        return setting.getFailoverPriorityCount() > 0 ? unlike(endpoint) : distance(endpoint.locality());
    }

    /** How many of the labels are left at the first in which an endpoint is unlike the client. */
    private int unlike(MeshEndpoint endpoint) {
        int same = 0;
        for (String each : setting.getFailoverPriorityList()) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            String wanted = equals < 0 ? labels.getOrDefault(each, "") : each.substring(equals + 1);
            if (!wanted.equals(Places.label(name, endpoint.locality(), endpoint.network(), endpoint.labels()))) {
                break;
            }
            same++;
        }
        return setting.getFailoverPriorityCount() - same;
    }

    /** Locality to weight; a locality without a share gets no traffic. */
    Map<String, Integer> shares(Map<String, Integer> weights) {
        for (LocalityLoadBalancerSetting.Distribute distribute : setting.getDistributeList()) {
            if (covers(distribute.getFrom(), from)) {
                return distributed(distribute.getToMap(), weights);
            }
        }
        return weights;
    }

    private static Map<String, Integer> distributed(Map<String, Integer> to, Map<String, Integer> weights) {
        Map<String, Integer> shares = new TreeMap<>();
        new TreeMap<>(to).forEach((pattern, share) -> {
            int total = weights.entrySet().stream()
                    .filter(entry -> covers(pattern, entry.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            weights.forEach((locality, weight) -> {
                if (covers(pattern, locality) && !shares.containsKey(locality)) {
                    shares.put(locality, (int) Math.ceil((double) share * weight / total));
                }
            });
        });
        return shares;
    }

    private int distance(String locality) {
        String[] mine = from.split("/", 3);
        String[] theirs = locality.split("/", 3);
        int same = 0;
        while (same < mine.length && same < theirs.length && mine[same].equals(theirs[same])) {
            same++;
        }
        if (same > 0 && zones) {
            return 0;
        }
        if (same > 0) {
            return OTHER_REGION - Math.min(same, OTHER_REGION);
        }
        boolean another = setting.getFailoverList().stream()
                .anyMatch(failover ->
                        failover.getFrom().equals(mine[0]) && !failover.getTo().equals(theirs[0]));
        return another ? NOT_CHOSEN : OTHER_REGION;
    }

    private static boolean covers(String pattern, String locality) {
        if (pattern.equals("*")) {
            return true;
        }
        String prefix = pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 2) : pattern;
        return locality.equals(prefix) || locality.startsWith(prefix + "/");
    }
}
