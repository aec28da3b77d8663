package io.flotilla.config.analysis.classic;

import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Roles that a ServiceRoleBinding gives. */
final class RoleBindings implements Check {
    private static final Entry UNKNOWN = Entry.error(
                    "FA0903", "a ServiceRoleBinding gives a role that does not exist", """
                    roleRef names a ServiceRole of the binding's own namespace, and there is none of that name, so
                    nobody gets anything by this binding. Correct the name, or create the role there.""")
            .istio("IST0101")
            .kiali("KIA0903");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<ServiceRoleBinding> binding : mesh.all(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.class)) {
            ServiceRoleBinding spec = binding.spec();
            boolean reference = spec.hasRoleRef();
            String name = reference ? spec.getRoleRef().getName() : spec.getRole();
            if (!name.isEmpty()
                    && mesh.find(Kind.SERVICE_ROLE, binding.namespace(), name).isEmpty()) {
                findings.report(
                        UNKNOWN,
                        binding,
                        reference ? Paths.SPEC.field("roleRef").field("name") : Paths.SPEC.field("role"),
                        "there is no ServiceRole \"" + name + "\" in namespace " + binding.namespace());
            }
        }
    }
}
