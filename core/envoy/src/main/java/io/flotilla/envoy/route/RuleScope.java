package io.flotilla.envoy.route;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where rules are read: their static conditions are decided here, once and for all requests.
 *
 * @param gateways  "mesh", or the "NAMESPACE/NAME" of Gateways
 * @param port      that callers use
 * @param labels    of the calling workload
 * @param namespace of the calling workload
 */
public record RuleScope(Set<String> gateways, int port, Map<String, String> labels, String namespace) {
    /** The gateway that stands for all sidecars. */
    public static final String MESH = "mesh";

    /** Whether a VirtualService is bound here; one without gateways is bound to the mesh. */
    public boolean binds(Config<VirtualService> virtualService) {
        List<String> names = virtualService.spec().getGatewaysList();
        return names.isEmpty() ? gateways.contains(MESH) : names(names, virtualService.namespace());
    }

    /**
     * The rules that can apply here, without the conditions that are decided. A rule of which no condition can apply is
     * gone; none left means that the VirtualService says nothing here.
     */
    public List<HTTPRoute> narrow(Config<VirtualService> virtualService) {
        return virtualService.spec().getHttpList().stream()
                .map(rule -> narrow(rule, virtualService.namespace()))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<HTTPRoute> narrow(HTTPRoute rule, String owner) {
        if (rule.getMatchCount() == 0) {
            return Optional.of(rule);
        }
        HTTPRoute.Builder narrowed = rule.toBuilder().clearMatch();
        rule.getMatchList().stream()
                .filter(match -> applies(match, owner))
                .map(match -> match.toBuilder()
                        .clearGateways()
                        .clearSourceLabels()
                        .clearSourceNamespace()
                        .clearPort()
                        .build())
                .forEach(narrowed::addMatch);
        return narrowed.getMatchCount() == 0 ? Optional.empty() : Optional.of(narrowed.build());
    }

    private boolean applies(HTTPMatchRequest match, String owner) {
        return matches(
                match.getGatewaysList(),
                match.getPort(),
                match.getSourceLabelsMap(),
                match.getSourceNamespace(),
                owner);
    }

    /** The conditions that HTTP, TLS and TCP rules share. */
    public boolean matches(
            List<String> names, int matchPort, Map<String, String> sourceLabels, String sourceNamespace, String owner) {
        return (names.isEmpty() || names(names, owner))
                && (matchPort == 0 || matchPort == port)
                && labels.entrySet().containsAll(sourceLabels.entrySet())
                && (sourceNamespace.isEmpty() || sourceNamespace.equals(namespace));
    }

    private boolean names(List<String> names, String owner) {
        return names.stream().map(name -> gateway(name, owner)).anyMatch(gateways::contains);
    }

    // "NAME", "NAMESPACE/NAME", or the old "NAME.NAMESPACE.svc.DOMAIN".
    private static String gateway(String name, String owner) {
        if (name.equals(MESH) || name.contains("/")) {
            return name;
        }
        String[] parts = name.split("\\.", 3);
        return parts.length > 2 ? parts[1] + "/" + parts[0] : owner + "/" + name;
    }
}
