package io.flotilla.config.analysis.security;

import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.model.Kind;
import java.util.HashSet;
import java.util.Set;

/** Service accounts that somebody has. */
final class Accounts {
    private final Set<String> known = new HashSet<>();

    Accounts(Mesh mesh) {
        mesh.manifests(Kind.SERVICE_ACCOUNT)
                .forEach(each -> known.add(each.key().resourceName()));
        mesh.workloads().all().forEach(each -> known.add(each.namespace() + "/" + each.serviceAccount()));
        mesh.all(Kind.WORKLOAD_GROUP, WorkloadGroup.class)
                .forEach(each -> known.add(
                        each.namespace() + "/" + each.spec().getTemplate().getServiceAccount()));
    }

    boolean known(String namespace, String name) {
        return known.contains(namespace + "/" + name);
    }
}
