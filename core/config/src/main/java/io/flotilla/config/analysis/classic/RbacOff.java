package io.flotilla.config.analysis.classic;

import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Roles in a mesh that asks nobody for them. */
final class RbacOff implements Check {
    private static final Entry OFF = Entry.warning(
            "FA0911", "there are roles, but role-based access is not switched on for their namespace", """
            ServiceRole and ServiceRoleBinding have an effect only where a ClusterRbacConfig (or RbacConfig) named
            default switches it on, for the namespace or the service. As it is, everybody may call everything. Add a
            ClusterRbacConfig with mode ON, or ON_WITH_INCLUSION with this namespace.""");

    @Override
    public List<Entry> entries() {
        return List.of(OFF);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<RbacConfig> configs = new ArrayList<>();
        mesh.all(Kind.CLUSTER_RBAC_CONFIG, RbacConfig.class).forEach(each -> configs.add(each.spec()));
        mesh.all(Kind.RBAC_CONFIG, RbacConfig.class).forEach(each -> configs.add(each.spec()));
        Set<String> reported = new HashSet<>();
        for (Config<ServiceRoleBinding> binding : mesh.all(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.class)) {
            String namespace = binding.namespace();
            boolean on = configs.stream().anyMatch(config -> on(config, namespace));
            if (!on && reported.add(namespace)) {
                findings.report(
                        OFF,
                        binding,
                        Paths.SPEC,
                        "no ClusterRbacConfig switches role-based access on for namespace " + namespace);
            }
        }
    }

    private static boolean on(RbacConfig config, String namespace) {
        return switch (config.getMode()) {
            case ON -> true;
            case ON_WITH_INCLUSION ->
                config.getInclusion().getNamespacesList().contains(namespace)
                        || config.getInclusion().getServicesList().stream()
                                .anyMatch(service -> service.contains("." + namespace + "."));
            case ON_WITH_EXCLUSION -> !config.getExclusion().getNamespacesList().contains(namespace);
            case OFF, UNRECOGNIZED -> false;
        };
    }
}
