package io.flotilla.config.analysis.gatewayapi;

import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import java.util.List;

/** ReferenceGrants to namespaces that are not there. */
final class Grants implements Check {
    private static final Entry UNKNOWN = Entry.warning(
                    "FA1106", "a ReferenceGrant is for a namespace that does not exist", """
                    The grant allows references from a namespace that is not there, so it allows nothing, and the
                    namespace that was meant is still refused. Correct the name.""")
            .kiali("KIA1601");

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
        for (Config<ReferenceGrant> grant : mesh.all(GatewayApi.REFERENCE_GRANT, ReferenceGrant.class)) {
            for (int i = 0; i < grant.spec().getFromCount(); i++) {
                String namespace = grant.spec().getFrom(i).getNamespace();
                if (!mesh.namespaces().known(namespace)) {
                    findings.report(
                            UNKNOWN,
                            grant,
                            Paths.item("from", i).field("namespace"),
                            "there is no namespace \"" + namespace + "\"");
                }
            }
        }
    }
}
