package io.flotilla.telemetry.record;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.registry.v1.Workload;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One side of a call, described by Istio's conventions for labels. */
final class Peers {
    private Peers() {}

    /**
     * A side of which the workload may be unknown.
     *
     * @param local name of the cluster that the registry leaves unnamed, being its own; empty where nobody says
     */
    static Peer of(@Nullable Workload workload, @Nullable Principal principal, Address seenAt, String local) {
        Peer.Builder peer = Peer.newBuilder().setAddress(text(seenAt));
        if (principal != null) {
            peer.setPrincipal(principal.uri())
                    .setNamespace(principal.namespace())
                    .setServiceAccount(principal.serviceAccount());
        }
        if (workload != null) {
            describe(peer, workload, local);
        }
        return peer.build();
    }

    /** The controller's name, or the pod's own where it has none. */
    private static String workloadName(Workload workload) {
        return workload.getOwnerName().isEmpty() ? workload.getName() : workload.getOwnerName();
    }

    private static void describe(Peer.Builder peer, Workload workload, String local) {
        Map<String, String> labels = workload.getLabelsMap();
        String name = workloadName(workload);
        peer.setWorkload(name)
                .setNamespace(workload.getNamespace())
                .setServiceAccount(workload.getServiceAccount())
                .setCluster(workload.getCluster().isEmpty() ? local : workload.getCluster())
                .setPod(workload.getName())
                .setApp(labels.getOrDefault("app", ""))
                .setVersion(labels.getOrDefault("version", ""))
                .setCanonicalService(first(
                        labels.get("service.istio.io/canonical-name"),
                        labels.get("app.kubernetes.io/name"),
                        labels.get("app"),
                        name))
                .setCanonicalRevision(first(
                        labels.get("service.istio.io/canonical-revision"),
                        labels.get("app.kubernetes.io/version"),
                        labels.get("version"),
                        "latest"));
    }

    private static String first(@Nullable String... candidates) {
        return Stream.of(candidates).filter(Objects::nonNull).findFirst().orElse("");
    }

    static String host(Address address) {
        return address.getSocketAddress().getAddress();
    }

    static int port(Address address) {
        return address.getSocketAddress().getPortValue();
    }

    static String text(Address address) {
        if (host(address).isEmpty()) {
            return "";
        }
        String host = host(address).contains(":") ? "[" + host(address) + "]" : host(address);
        return host + ":" + port(address);
    }
}
