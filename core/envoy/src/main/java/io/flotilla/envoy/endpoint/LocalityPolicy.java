package io.flotilla.envoy.endpoint;

import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a client's locality decides: by given shares, or nearest first. It names the client's locality only where that
 * matters, so that clients everywhere share the assignments of the rest.
 *
 * @param from    the client's "region/zone/subzone", empty where it does not matter
 * @param setting the rule
 */
public record LocalityPolicy(String from, LocalityLoadBalancerSetting setting) {
    private static final LocalityPolicy NONE = new LocalityPolicy("", LocalityLoadBalancerSetting.getDefaultInstance());
    private static final int OTHER_REGION = 3;
    private static final int NOT_CHOSEN = 4;

    /** Nearest-first needs outlier detection, since without it nothing tells that the nearest are gone. */
    public static LocalityPolicy of(TrafficPolicy policy, String locality) {
        LocalityLoadBalancerSetting setting = policy.getLoadBalancer().getLocalityLbSetting();
        boolean off = setting.hasEnabled() && !setting.getEnabled().getValue();
        boolean needed = setting.getDistributeCount() > 0 || policy.hasOutlierDetection();
        return locality.isEmpty() || off || !needed ? NONE : new LocalityPolicy(locality, setting);
    }

    /** Locality to priority, from 0 without gaps. */
    Map<String, Integer> priorities(Collection<String> localities) {
        Map<String, Integer> priorities = new TreeMap<>();
        if (from.isEmpty() || setting.getDistributeCount() > 0) {
            return priorities;
        }
        localities.forEach(locality -> priorities.put(locality, distance(locality)));
        TreeSet<Integer> used = new TreeSet<>(priorities.values());
        priorities.replaceAll((locality, distance) -> used.headSet(distance).size());
        return priorities;
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
