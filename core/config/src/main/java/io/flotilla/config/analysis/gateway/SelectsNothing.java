package io.flotilla.config.analysis.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Map;

/** A Gateway that no workload serves. */
final class SelectsNothing implements Check {
    private static final Entry NOTHING = Entry.warning("FA0401", "the selector of a Gateway fits no workload", """
                    A Gateway configures the edge proxies whose pods have all labels of its selector, and no pod has
                    them, so nobody listens on its ports. Correct the selector (the labels are those of the gateway's
                    pods, often istio: ingressgateway), or deploy the gateway.""")
            .istio("IST0101", "IST0127")
            .kiali("KIA0302");

    @Override
    public List<Entry> entries() {
        return List.of(NOTHING);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Gateway> gateway : mesh.gateways()) {
            Map<String, String> selector = gateway.spec().getSelectorMap();
            if (!selector.isEmpty() && mesh.workloads().selectAnywhere(selector).isEmpty()) {
                findings.report(
                        NOTHING,
                        gateway,
                        Paths.SPEC.field("selector"),
                        "no workload has the labels " + Labels.text(selector));
            }
        }
    }
}
