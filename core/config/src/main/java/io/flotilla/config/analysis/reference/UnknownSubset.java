package io.flotilla.config.analysis.reference;

import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.stream.Collectors;

/** A route leads to a subset that no DestinationRule defines. */
final class UnknownSubset implements Check {
    private static final Entry UNKNOWN = Entry.error(
                    "FA0102", "a route leads to a subset that no DestinationRule defines", """
                    Subsets come from DestinationRules. None that the VirtualService's namespace sees for this host
                    defines the subset, so there is no cluster for it and requests on this route get 503. Add the
                    subset to the host's DestinationRule, correct its name, or route to the host without a
                    subset.""")
            .istio("IST0101")
            .kiali("KIA1107");

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
                String subset = target.destination().getSubset();
                String host = mesh.hosts().full(target.destination().getHost(), service.namespace());
                if (!subset.isEmpty()
                        && mesh.rules()
                                .subset(host, subset, service.namespace())
                                .isEmpty()) {
                    findings.report(
                            UNKNOWN,
                            service,
                            target.at().field("subset"),
                            "no DestinationRule defines subset \"" + subset + "\" of " + host + known(mesh, host));
                }
            }
        }
    }

    private static String known(Mesh mesh, String host) {
        String names = mesh.rules().covering(host).stream()
                .flatMap(rule -> rule.spec().getSubsetsList().stream())
                .map(Subset::getName)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "; add it to a DestinationRule of the host" : "; it has " + names;
    }
}
