package io.flotilla.config.analysis.reference;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import java.util.List;

/** A route leads to a host that the mesh does not have. */
final class UnknownHost implements Check {
    private static final Entry UNKNOWN = Entry.error("FA0101", "a route leads to a host that is not in the mesh", """
                    The destination's host is no service that the VirtualService's namespace sees, and no ServiceEntry
                    declares it, so proxies answer requests on this route with 503. Correct the name (a name without a
                    dot is a service of the VirtualService's own namespace; write NAME.NAMESPACE.svc.DOMAIN for
                    others), export the service to this namespace, or declare the host with a ServiceEntry.""")
            .istio("IST0101")
            .kiali("KIA1101");

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
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (Target target : Target.of(service.spec())) {
                String host = target.destination().getHost();
                if (!host.isEmpty()
                        && mesh.hosts().find(host, service.namespace()).isEmpty()) {
                    findings.report(
                            UNKNOWN,
                            service,
                            target.at().field("host"),
                            "there is no host \"" + host + "\"" + hint(mesh, host, service.namespace()));
                }
            }
        }
    }

    /** Where a service of that name is, if it is somewhere. */
    private static String hint(Mesh mesh, String host, String namespace) {
        String full = mesh.hosts().full(host, namespace);
        if (!mesh.hosts().named(full).isEmpty()) {
            return " that " + namespace + " sees; its exportTo leaves this namespace out";
        }
        int dot = host.indexOf('.');
        String name = dot < 0 ? host : host.substring(0, dot);
        for (String other : mesh.namespaces().all()) {
            String candidate = mesh.hosts().full(name, other);
            if (!mesh.hosts().named(candidate).isEmpty()) {
                return "; did you mean \"" + candidate + "\"";
            }
        }
        return "; correct the name, or declare it with a ServiceEntry";
    }
}
