package io.flotilla.config.analysis.reference;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** A VirtualService is bound to a Gateway that is not there, or named in the old way. */
final class UnknownGateway implements Check {
    private static final Entry UNKNOWN = Entry.error(
                    "FA0103", "a VirtualService names a Gateway that does not exist", """
                    Routes reach an edge proxy only through a Gateway, and there is none of this name, so nothing of
                    this VirtualService is served there. Correct the name, create the Gateway, or write
                    NAMESPACE/NAME where it lives in another namespace.""")
            .istio("IST0101")
            .kiali("KIA1102");
    private static final Entry OLD_FORM =
            Entry.info("FA0113", "a Gateway is named as a host name", """
                    Before Istio 1.2 a Gateway of another namespace was named like a host,
                    NAME.NAMESPACE.svc.DOMAIN. The form still works, but it depends on the domain and hides that no
                    host is meant. Write NAMESPACE/NAME.""").kiali("KIA1108");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, OLD_FORM);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (int i = 0; i < service.spec().getGatewaysCount(); i++) {
                check(mesh, service, service.spec().getGateways(i), Paths.item("gateways", i), findings);
            }
        }
    }

    private static void check(Mesh mesh, Config<VirtualService> service, String name, FieldPath at, Findings findings) {
        if (name.equals(Routing.MESH)) {
            return;
        }
        String full = Routing.fullGateway(name, service.namespace());
        if (!name.contains("/") && name.contains(".")) {
            findings.report(OLD_FORM, service, at, "write \"" + full + "\" instead of \"" + name + "\"");
        }
        if (Routing.gateway(mesh, name, service.namespace()).isPresent()) {
            return;
        }
        String bare = full.substring(full.indexOf('/') + 1);
        String hint = mesh.gateways().stream()
                .filter(gateway -> gateway.name().equals(bare))
                .findFirst()
                .map(gateway -> "; did you mean \"" + gateway.key().resourceName() + "\"")
                .orElse("; create it or correct the name");
        findings.report(UNKNOWN, service, at, "there is no Gateway \"" + full + "\"" + hint);
    }
}
