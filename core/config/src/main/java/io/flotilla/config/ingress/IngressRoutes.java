package io.flotilla.config.ingress;

import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPDirectResponse;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules of all Ingresses, host by host: each host is one VirtualService, however many Ingresses name it. */
final class IngressRoutes {
    private static final int UNAVAILABLE = 503;
    private static final String ALL = "*";

    private final String namespace;
    private final IngressBackends backends;
    private final Map<String, List<Placed>> hosts = new TreeMap<>();
    private final Map<String, Config<Ingress>> defaults = new LinkedHashMap<>();

    private record Placed(Config<Ingress> ingress, IngressPaths paths, Ingress.Backend backend) {
        static final Comparator<Placed> ORDER = Comparator.comparing(
                        (Placed placed) -> !placed.paths().exact())
                .thenComparing(placed -> -placed.paths().length());
    }

    IngressRoutes(String namespace, IngressBackends backends) {
        this.namespace = namespace;
        this.backends = backends;
    }

    /** Ingresses come oldest first: of two with the same host and path the older one holds. */
    void add(Config<Ingress> ingress) {
        for (Ingress.Rule rule : ingress.spec().getRulesList()) {
            String host = rule.getHost().isEmpty() ? ALL : rule.getHost();
            List<Placed> placed = hosts.computeIfAbsent(host, each -> new ArrayList<>());
            if (!rule.hasHttp()) {
                // A host alone is for the default backend.
                defaults.putIfAbsent(host, ingress);
            }
            rule.getHttp()
                    .getPathsList()
                    .forEach(path -> placed.add(new Placed(ingress, IngressPaths.of(path), path.getBackend())));
        }
        defaultBackend(ingress.spec()).ifPresent(backend -> {
            ingress.spec()
                    .getRulesList()
                    .forEach(rule -> defaults.putIfAbsent(rule.getHost().isEmpty() ? ALL : rule.getHost(), ingress));
            hosts.computeIfAbsent(ALL, each -> new ArrayList<>());
            defaults.putIfAbsent(ALL, ingress);
        });
    }

    @SuppressWarnings("deprecation") // older objects have it
    private static Optional<Ingress.Backend> defaultBackend(Ingress spec) {
        if (spec.hasDefaultBackend()) {
            return Optional.of(spec.getDefaultBackend());
        }
        return spec.hasBackend() ? Optional.of(spec.getBackend()) : Optional.empty();
    }

    List<Config<?>> objects() {
        List<Config<?>> made = new ArrayList<>();
        hosts.forEach((host, placed) -> virtualService(host, placed).ifPresent(made::add));
        return made;
    }

    private Optional<Config<VirtualService>> virtualService(String host, List<Placed> placed) {
        List<Placed> ordered = new ArrayList<>(placed);
        ordered.sort(Placed.ORDER);
        VirtualService.Builder spec = VirtualService.newBuilder().addHosts(host).addExportTo("*");
        List<Config<Ingress>> sources = new ArrayList<>();
        for (Placed each : ordered) {
            sources.add(each.ingress());
            HTTPRoute.Builder rule = rule(each.ingress(), each.backend());
            each.paths().uris().forEach(uri -> rule.addMatch(match(host, Optional.of(uri))));
            spec.addHttp(rule);
        }
        Config<Ingress> rest = defaults.get(host);
        if (rest != null && defaultBackend(rest.spec()).isPresent()) {
            sources.add(rest);
            HTTPRoute.Builder rule = rule(rest, defaultBackend(rest.spec()).orElseThrow());
            if (host.startsWith("*.")) {
                rule.addMatch(match(host, Optional.empty()));
            }
            spec.addHttp(rule);
        }
        if (spec.getHttpCount() == 0) {
            return Optional.empty();
        }
        TreeSet<String> gateways = new TreeSet<>();
        sources.forEach(source -> gateways.add(namespace + "/" + IngressTranslation.name(source)));
        return Optional.of(Derived.object(
                Kind.VIRTUAL_SERVICE,
                namespace,
                (host.equals(ALL) ? "all" : host.replace("*", "wildcard")) + IngressTranslation.SUFFIX,
                spec.addAllGateways(gateways).build(),
                sources));
    }

    private HTTPRoute.Builder rule(Config<Ingress> ingress, Ingress.Backend backend) {
        HTTPRoute.Builder rule = HTTPRoute.newBuilder().setName(ingress.key().resourceName());
        Optional<Destination> destination = backends.resolve(ingress, backend);
        return destination.isPresent()
                ? rule.addRoute(HTTPRouteDestination.newBuilder()
                        .setDestination(destination.get())
                        .setWeight(100))
                : rule.setDirectResponse(HTTPDirectResponse.newBuilder().setStatus(UNAVAILABLE));
    }

    /** A wildcard of an Ingress stands for one label, where Istio's stands for any number. */
    private static HTTPMatchRequest match(String host, Optional<StringMatch> uri) {
        HTTPMatchRequest.Builder match = HTTPMatchRequest.newBuilder();
        uri.ifPresent(match::setUri);
        if (host.startsWith("*.")) {
            match.setAuthority(StringMatch.newBuilder()
                    .setRegex("[^.:]+" + host.substring(1).replace(".", "\\.") + "(:[0-9]+)?"));
        }
        return match.build();
    }
}
