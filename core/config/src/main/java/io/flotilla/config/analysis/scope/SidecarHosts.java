package io.flotilla.config.analysis.scope;

import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** Hosts that a Sidecar opens and that are not there. */
final class SidecarHosts implements Check {
    private static final Entry UNKNOWN = Entry.warning(
                    "FA0708", "a Sidecar lets through a host that is not in the mesh", """
                    egress.hosts lists what the workloads may call, as NAMESPACE/HOST. No service of that namespace that
                    is exported here has this host, so the entry opens nothing, and the host that was meant is closed
                    to them. Correct namespace and host (the full name, or *), or export the service.""")
            .istio("IST0101")
            .kiali("KIA1004");

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
        for (Config<Sidecar> sidecar : mesh.all(Kind.SIDECAR, Sidecar.class)) {
            for (int i = 0; i < sidecar.spec().getEgressCount(); i++) {
                IstioEgressListener listener = sidecar.spec().getEgress(i);
                for (int j = 0; j < listener.getHostsCount(); j++) {
                    check(
                            mesh,
                            sidecar,
                            listener.getHosts(j),
                            Paths.item("egress", i).field("hosts").item(j),
                            findings);
                }
            }
        }
    }

    private static void check(Mesh mesh, Config<Sidecar> sidecar, String entry, FieldPath at, Findings findings) {
        int slash = entry.indexOf('/');
        if (slash < 0) {
            return;
        }
        String namespace = entry.substring(0, slash);
        String host = entry.substring(slash + 1);
        String owner = namespace.equals(".") ? sidecar.namespace() : namespace;
        boolean any = owner.equals("*") || owner.equals("~");
        if (!any && !mesh.namespaces().known(owner)) {
            findings.report(UNKNOWN, sidecar, at, "there is no namespace \"" + owner + "\"");
        } else if (!host.equals("*") && !owner.equals("~") && !known(mesh, host, sidecar.namespace())) {
            String hint = host.contains(".") || any
                    ? ""
                    : "; write \"" + owner + "/" + mesh.hosts().full(host, owner) + "\"";
            findings.report(
                    UNKNOWN,
                    sidecar,
                    at,
                    "no service that " + sidecar.namespace() + " sees has the host \"" + host + "\"" + hint);
        }
    }

    /** Names are full here: nothing is added to a name without a dot. */
    private static boolean known(Mesh mesh, String host, String namespace) {
        return host.contains(".") && mesh.hosts().known(host, namespace);
    }
}
