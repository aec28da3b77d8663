package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Delegate;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * VirtualServices that leave routes to others (Istio: HTTPRoute.delegate), made whole. A rule that is delegated to has no
 * hosts and delegates no further. A route whose delegate is not there, or not exported to the namespace of the root, is
 * left out.
 */
final class RouteDelegation {
    private final Map<String, Config<VirtualService>> delegates = new HashMap<>();
    private final List<String> exportTo;
    private final String domainSuffix;

    private RouteDelegation(List<Config<VirtualService>> all, List<String> exportTo, String domainSuffix) {
        this.exportTo = exportTo;
        this.domainSuffix = domainSuffix;
        all.stream()
                .filter(rule -> rule.spec().getHostsCount() == 0)
                .forEach(rule -> delegates.put(rule.key().resourceName(), rule));
    }

    /** The rules with hosts, each with the routes of those to whom it delegates. */
    static List<Config<VirtualService>> merge(
            List<Config<VirtualService>> all, List<String> exportTo, String domainSuffix) {
        RouteDelegation delegation = new RouteDelegation(all, exportTo, domainSuffix);
        return all.stream()
                .filter(rule -> rule.spec().getHostsCount() > 0)
                .map(delegation::whole)
                .toList();
    }

    private Config<VirtualService> whole(Config<VirtualService> root) {
        if (root.spec().getHttpList().stream().noneMatch(HTTPRoute::hasDelegate)) {
            return root;
        }
        VirtualService.Builder whole = root.spec().toBuilder().clearHttp();
        for (HTTPRoute route : root.spec().getHttpList()) {
            if (route.hasDelegate()) {
                find(root, route.getDelegate()).ifPresent(delegate -> whole.addAllHttp(merged(route, delegate)));
            } else {
                whole.addHttp(route);
            }
        }
        return new Config<>(
                root.key(),
                whole.build(),
                root.labels(),
                root.annotations(),
                root.created(),
                root.version(),
                root.origin());
    }

    private Optional<Config<VirtualService>> find(Config<VirtualService> root, Delegate delegate) {
        String namespace = delegate.getNamespace().isEmpty() ? root.namespace() : delegate.getNamespace();
        return Optional.ofNullable(delegates.get(namespace + "/" + delegate.getName()))
                .filter(found -> ExportTo.sees(
                        ExportTo.resolve(found.spec().getExportToList(), found.namespace(), exportTo),
                        root.namespace()));
    }

    private List<HTTPRoute> merged(HTTPRoute root, Config<VirtualService> delegate) {
        List<HTTPRoute> routes = new ArrayList<>();
        for (HTTPRoute leaf : delegate.spec().getHttpList()) {
            if (leaf.hasDelegate()) {
                continue;
            }
            List<HTTPMatchRequest> matches = DelegatedMatches.both(root.getMatchList(), leaf.getMatchList());
            boolean unconditional = root.getMatchCount() == 0 && leaf.getMatchCount() == 0;
            if (unconditional || !matches.isEmpty()) {
                routes.add(settings(root, leaf, delegate.namespace()).toBuilder()
                        .clearMatch()
                        .addAllMatch(matches)
                        .build());
            }
        }
        return routes;
    }

    /** What the leaf leaves open is the root's; short names of hosts are those of the leaf's namespace. */
    private HTTPRoute settings(HTTPRoute root, HTTPRoute leaf, String namespace) {
        HTTPRoute.Builder merged = root.toBuilder().clearDelegate().clearMatch().clearName();
        HTTPRoute.Builder own = leaf.toBuilder();
        own.getRouteBuilderList()
                .forEach(route -> route.getDestinationBuilder()
                        .setHost(Hostnames.resolve(route.getDestination().getHost(), namespace, domainSuffix)));
        if (own.hasMirror()) {
            own.getMirrorBuilder().setHost(Hostnames.resolve(own.getMirror().getHost(), namespace, domainSuffix));
        }
        own.getMirrorsBuilderList()
                .forEach(mirror -> mirror.getDestinationBuilder()
                        .setHost(Hostnames.resolve(mirror.getDestination().getHost(), namespace, domainSuffix)));
        HTTPRoute whole = own.build();
        // A message that both have is the leaf's as a whole, not a mixture.
        whole.getAllFields().keySet().forEach(merged::clearField);
        return merged.mergeFrom(whole).build();
    }
}
