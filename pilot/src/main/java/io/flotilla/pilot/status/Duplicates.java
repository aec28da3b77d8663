package io.flotilla.pilot.status;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is written twice, so that one of the two is without effect. */
final class Duplicates {
    static final String DOMAIN = "pilot_vservice_dup_domain";
    static final String SUBSET = "pilot_destrule_subsets";
    static final String CLUSTER = "pilot_duplicate_envoy_clusters";
    static final List<String> METRICS = List.of(DOMAIN, SUBSET, CLUSTER);

    private static final String ALL = "*";

    private Duplicates() {}

    /** Adds, by metric, what there is twice to a few words. */
    static void find(MeshSnapshot mesh, Map<String, Map<String, String>> found) {
        found.put(DOMAIN, domains(mesh));
        found.put(SUBSET, subsets(mesh));
        found.put(CLUSTER, clusters(mesh));
    }

    private static Map<String, String> domains(MeshSnapshot mesh) {
        Map<String, String> twice = new TreeMap<>();
        Map<String, String> first = new HashMap<>();
        for (Config<VirtualService> rule : mesh.virtualServices(mesh.settings().rootNamespace())) {
            boolean everywhere = rule.spec().getGatewaysCount() == 0
                    || rule.spec().getGatewaysList().contains("mesh");
            for (String name : everywhere ? rule.spec().getHostsList() : List.<String>of()) {
                String host = Hostnames.resolve(
                        name, rule.namespace(), mesh.settings().domainSuffix());
                second(first, host, rule).ifPresent(words -> twice.put(host, words));
            }
        }
        return twice;
    }

    // Rules of one namespace for one host are one rule, in which a subset's name counts once.
    private static Map<String, String> subsets(MeshSnapshot mesh) {
        Map<String, String> twice = new TreeMap<>();
        Map<String, String> first = new HashMap<>();
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            if (rule.spec().getWorkloadSelector().getMatchLabelsCount() > 0) {
                continue;
            }
            String host = Hostnames.resolve(
                    rule.spec().getHost(), rule.namespace(), mesh.settings().domainSuffix());
            for (Subset subset : rule.spec().getSubsetsList()) {
                String name = rule.namespace() + "/" + host + ": " + subset.getName();
                second(first, name, rule).ifPresent(words -> twice.put(name, words));
            }
        }
        return twice;
    }

    private static java.util.Optional<String> second(Map<String, String> first, String what, Config<?> rule) {
        String name = rule.key().resourceName();
        String winner = first.putIfAbsent(what, name);
        return winner == null || winner.equals(name)
                ? java.util.Optional.empty()
                : java.util.Optional.of("in " + winner + ", and in " + name + " without effect");
    }

    // Services of one host that some namespace sees both of: their clusters have one name.
    private static Map<String, String> clusters(MeshSnapshot mesh) {
        Map<String, String> twice = new TreeMap<>();
        Map<String, MeshService> first = new HashMap<>();
        for (MeshService service : mesh.services()) {
            for (ServicePort port : service.ports()) {
                String cluster = "outbound|" + port.number() + "||" + service.hostname();
                MeshService other = first.putIfAbsent(cluster, service);
                if (other != null && together(other, service)) {
                    twice.put(cluster, "of " + other.origin() + " and of " + service.origin());
                }
            }
        }
        return twice;
    }

    private static boolean together(MeshService one, MeshService other) {
        return one.exportTo().contains(ALL)
                || other.exportTo().contains(ALL)
                || one.exportTo().stream().anyMatch(other.exportTo()::contains);
    }
}
