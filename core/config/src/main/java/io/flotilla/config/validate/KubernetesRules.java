package io.flotilla.config.validate;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Kind;

/** The rules of what comes from Kubernetes. */
final class KubernetesRules {
    private KubernetesRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.SECRET, Struct.class, KubernetesObjectRules::secret);
        rules.add(Kind.REPLICATION_CONTROLLER, Struct.class, KubernetesObjectRules::replicationController);
        rules.add(Kind.JOB, Struct.class, KubernetesObjectRules::job);
        rules.add(Kind.CRON_JOB, Struct.class, KubernetesObjectRules::cronJob);
        rules.add(Kind.SERVICE, Struct.class, KubernetesServiceRules::check);
        rules.add(Kind.POD, Struct.class, KubernetesPodRules::pod);
        rules.add(Kind.DEPLOYMENT, Struct.class, KubernetesPodRules::controller);
        rules.add(Kind.STATEFUL_SET, Struct.class, KubernetesPodRules::controller);
        rules.add(Kind.DAEMON_SET, Struct.class, KubernetesPodRules::controller);
        rules.add(Kind.REPLICA_SET, Struct.class, KubernetesPodRules::controller);
        rules.add(Kind.ENDPOINTS, Struct.class, KubernetesPodRules::endpoints);
        rules.add(Kind.ENDPOINT_SLICE, Struct.class, KubernetesPodRules::endpoints);
        rules.add(Kind.CONFIG_MAP, Struct.class, MeshConfigRules::check);
    }
}
