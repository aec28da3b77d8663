package io.flotilla.config.analysis.hygiene;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Map;

/** Kinds that current Istio does not have any more. */
final class DeprecatedKinds implements Check {
    private static final Entry KIND =
            Entry.info("FA0803", "a kind of Istio 1.1 is used", """
                    This mesh acts on the kind as Istio 1.1 did, but current releases of Istio have removed it, and so
                    has whoever reads only their API. Where the mesh may one day be another, write the kind that took
                    its place; the message names it.""").istio("IST0002");

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("authentication.istio.io/Policy", "PeerAuthentication and RequestAuthentication"),
            Map.entry("authentication.istio.io/MeshPolicy", "a PeerAuthentication in the root namespace"),
            Map.entry("rbac.istio.io/ServiceRole", "AuthorizationPolicy"),
            Map.entry("rbac.istio.io/ServiceRoleBinding", "AuthorizationPolicy"),
            Map.entry("rbac.istio.io/RbacConfig", "AuthorizationPolicy, which needs no switch"),
            Map.entry("rbac.istio.io/ClusterRbacConfig", "AuthorizationPolicy, which needs no switch"),
            Map.entry("rbac.istio.io/AuthorizationPolicy", "AuthorizationPolicy of security.istio.io"),
            Map.entry("config.istio.io/QuotaSpec", "a rate limit service"),
            Map.entry("config.istio.io/QuotaSpecBinding", "a rate limit service"),
            Map.entry("config.istio.io/rule", "Telemetry, or AuthorizationPolicy with an external provider"));

    @Override
    public List<Entry> entries() {
        return List.of(KIND);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<?> config : mesh.objects()) {
            String instead = INSTEAD.get(config.key().kind().toString());
            if (instead != null) {
                findings.report(
                        KIND,
                        config,
                        FieldPath.ROOT.field("kind"),
                        config.key().kind().name() + " is of Istio 1.1; its place was taken by " + instead);
            }
        }
    }
}
