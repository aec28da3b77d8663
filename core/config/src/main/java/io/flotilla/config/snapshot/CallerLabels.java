package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.TCPRoute;
import io.flotilla.api.networking.v1alpha3.TLSMatchAttributes;
import io.flotilla.api.networking.v1alpha3.TLSRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The labels of callers by which VirtualServices choose. */
final class CallerLabels {
    private CallerLabels() {}

    /** Their names. Once for each rule and namespace, so without streams. */
    static Set<String> of(List<Config<VirtualService>> rules) {
        Set<String> names = new TreeSet<>();
        for (Config<VirtualService> rule : rules) {
            for (HTTPRoute route : rule.spec().getHttpList()) {
                for (HTTPMatchRequest match : route.getMatchList()) {
                    names.addAll(match.getSourceLabelsMap().keySet());
                }
            }
            for (TCPRoute route : rule.spec().getTcpList()) {
                for (L4MatchAttributes match : route.getMatchList()) {
                    names.addAll(match.getSourceLabelsMap().keySet());
                }
            }
            for (TLSRoute route : rule.spec().getTlsList()) {
                for (TLSMatchAttributes match : route.getMatchList()) {
                    names.addAll(match.getSourceLabelsMap().keySet());
                }
            }
        }
        return Set.copyOf(names);
    }
}
