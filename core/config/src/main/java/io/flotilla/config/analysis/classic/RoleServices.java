package io.flotilla.config.analysis.classic;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;

/** Services of a ServiceRole. */
final class RoleServices implements Check {
    private static final Entry UNKNOWN = Entry.error("FA0901", "a ServiceRole names a service that does not exist", """
                    The role gives access to services by their full name, NAME.NAMESPACE.svc.DOMAIN, by prefix* or
                    *suffix, or to all by "*". No service of the role's namespace fits this one, so the rule gives
                    nothing. Correct the name.""")
            .kiali("KIA0901");
    private static final Entry FOREIGN = Entry.error(
                    "FA0902", "a ServiceRole names a service of another namespace", """
                    A ServiceRole holds for services of its own namespace only; a name of another namespace is passed
                    over. Make a ServiceRole (and its binding) in the namespace of the service.""")
            .kiali("KIA0902");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, FOREIGN);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<ServiceRole> role : mesh.all(Kind.SERVICE_ROLE, ServiceRole.class)) {
            for (int i = 0; i < role.spec().getRulesCount(); i++) {
                AccessRule rule = role.spec().getRules(i);
                for (int j = 0; j < rule.getServicesCount(); j++) {
                    check(
                            mesh,
                            role,
                            rule.getServices(j),
                            Paths.item("rules", i).field("services").item(j),
                            findings);
                }
            }
        }
    }

    private static void check(Mesh mesh, Config<ServiceRole> role, String name, FieldPath at, Findings findings) {
        String end = "." + role.namespace() + ".svc." + mesh.settings().domainSuffix();
        boolean prefix = name.endsWith("*");
        if (name.equals("*")) {
            return;
        }
        int svc = name.indexOf(".svc.");
        boolean foreign = svc > 0 && !name.endsWith(end);
        if (foreign) {
            findings.report(FOREIGN, role, at, "\"" + name + "\" is not of namespace " + role.namespace());
            return;
        }
        String text = prefix ? name.substring(0, name.length() - 1) : name;
        boolean known = mesh.snapshot().services().stream()
                .filter(service -> service.namespace().equals(role.namespace()))
                .map(MeshService::hostname)
                .anyMatch(host -> prefix
                        ? host.startsWith(text)
                        : name.startsWith("*") ? host.endsWith(name.substring(1)) : host.equals(name));
        if (!known) {
            String full = mesh.hosts().full(name, role.namespace());
            String hint = mesh.hosts().named(full).isEmpty() ? "; correct the name" : "; write \"" + full + "\"";
            findings.report(
                    UNKNOWN, role, at, "no service of namespace " + role.namespace() + " is \"" + name + "\"" + hint);
        }
    }
}
