package io.flotilla.config.analysis.scope;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Selectors that fit nobody, or only those whom they cannot reach. */
final class SelectorWithoutWorkload implements Check {
    private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

    private static final Entry NOBODY = Entry.warning("FA0701", "the selector of a policy fits no workload", """
                    The object applies to workloads with all labels of its selector, of its own namespace (of all, in
                    the root namespace). No workload has them, so it has no effect, and where it should protect
                    something, that is unprotected. Correct the labels (they are those of pods) or the
                    namespace.""")
            .istio("IST0127")
            .kiali("KIA0004", "KIA0103", "KIA0504", "KIA1001");
    private static final Entry KUBERNETES_GATEWAY = Entry.warning(
                    "FA0719", "a policy selects a gateway of the Gateway API by labels", """
                    Pods of a gateway that a Gateway of gateway.networking.k8s.io makes are found by reference. A policy
                    with a selector is passed over there. Replace the selector by targetRefs with kind Gateway
                    and the Gateway's name.""")
            .istio("IST0166", "IST0167");

    @Override
    public List<Entry> entries() {
        return List.of(NOBODY, KUBERNETES_GATEWAY);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        if (mesh.workloads().all().isEmpty()) {
            return;
        }
        for (Selecting each : Selecting.all(mesh)) {
            if (each.selector().isEmpty() || !each.targets().isEmpty()) {
                continue;
            }
            List<WorkloadFact> workloads = each.workloads(mesh);
            if (workloads.isEmpty()) {
                findings.report(
                        NOBODY, each.config(), each.at(), "no workload has the labels " + Labels.text(each.selector()));
            } else if (workloads.stream().allMatch(one -> one.labels().containsKey(GATEWAY_NAME))
                    && !each.config().key().kind().equals(Kind.ENVOY_FILTER)
                    && !each.config().key().kind().equals(Kind.PROXY_CONFIG)) {
                findings.report(
                        KUBERNETES_GATEWAY,
                        each.config(),
                        each.at(),
                        "selects only pods of Gateway "
                                + workloads.getFirst().labels().get(GATEWAY_NAME) + "; use targetRefs");
            }
        }
    }
}
