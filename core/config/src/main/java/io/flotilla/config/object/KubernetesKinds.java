package io.flotilla.config.object;

import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;

/** Kinds of Kubernetes that make the registry, or that the injector and gateways need. */
final class KubernetesKinds {
    private KubernetesKinds() {}

    static List<KnownKind> list() {
        List<KnownKind> kinds = new ArrayList<>(List.of(
                KnownKind.manifest(Kind.SERVICE, "v1"),
                KnownKind.manifest(Kind.ENDPOINTS, "v1"),
                KnownKind.manifest(Kind.POD, "v1"),
                KnownKind.manifest(Kind.SERVICE_ACCOUNT, "v1"),
                KnownKind.manifest(Kind.CONFIG_MAP, "v1"),
                KnownKind.clusterManifest(Kind.NODE, "v1"),
                KnownKind.clusterManifest(Kind.NAMESPACE, "v1"),
                KnownKind.manifest(Kind.REPLICATION_CONTROLLER, "v1"),
                KnownKind.manifest(Kind.SECRET, "v1"),
                KnownKind.manifest(Kind.JOB, "v1"),
                KnownKind.manifest(Kind.CRON_JOB, "v1beta1", "v1"),
                KnownKind.manifest(Kind.ENDPOINT_SLICE, "v1beta1", "v1")));
        for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.REPLICA_SET)) {
            KnownKind known = KnownKind.manifest(kind, "v1beta1", "v1beta2", "v1");
            kinds.add(known.alsoIn("extensions", "v1beta1"));
            kinds.add(known);
        }
        return List.copyOf(kinds);
    }
}
