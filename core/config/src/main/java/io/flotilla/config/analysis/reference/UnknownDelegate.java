package io.flotilla.config.analysis.reference;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Visibility;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Delegation between VirtualServices that does not meet. */
final class UnknownDelegate implements Check {
    private static final Entry UNKNOWN = Entry.error(
                    "FA0106", "a rule delegates to a VirtualService that does not exist", """
                    The rule leaves its routes to another VirtualService, which is not there (or has hosts of its own,
                    and so is none that can be delegated to, or is not exported to this namespace). Requests that
                    match the rule get 404. Create the VirtualService without hosts, or correct name and
                    namespace.""")
            .istio("IST0101");
    private static final Entry UNUSED = Entry.warning("FA0211", "nobody delegates to this VirtualService", """
            A VirtualService without hosts only holds rules for others to delegate to, and no rule does, so it has no
            effect. Name it in a delegate of the VirtualService that has the hosts, give it hosts of its own, or
            delete it.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, UNUSED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<String> used = new HashSet<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (int i = 0; i < service.spec().getHttpCount(); i++) {
                HTTPRoute route = service.spec().getHttp(i);
                if (route.hasDelegate()) {
                    FieldPath at = Paths.item("http", i).field("delegate");
                    String named = route.getDelegate().getNamespace();
                    String namespace = named.isEmpty() ? service.namespace() : named;
                    String name = route.getDelegate().getName();
                    used.add(namespace + "/" + name);
                    problem(mesh, namespace, name, service.namespace())
                            .ifPresent(problem -> findings.report(UNKNOWN, service, at, problem));
                }
            }
        }
        for (Config<VirtualService> service : mesh.virtualServices()) {
            if (service.spec().getHostsCount() == 0
                    && !used.contains(service.key().resourceName())) {
                findings.report(UNUSED, service, Paths.SPEC, "has no hosts, and no VirtualService delegates to it");
            }
        }
    }

    private static Optional<String> problem(Mesh mesh, String namespace, String name, String client) {
        Config<?> found = mesh.find(Kind.VIRTUAL_SERVICE, namespace, name).orElse(null);
        String quoted = "\"" + namespace + "/" + name + "\"";
        if (found == null || !(found.spec() instanceof VirtualService service)) {
            return Optional.of("there is no VirtualService " + quoted);
        }
        if (service.getHostsCount() > 0) {
            return Optional.of("VirtualService " + quoted + " has hosts of its own, so nobody can delegate to it");
        }
        return Visibility.sees(service.getExportToList(), namespace, client)
                ? Optional.empty()
                : Optional.of("VirtualService " + quoted + " is not exported to " + client);
    }
}
