package io.flotilla.config.gatewayapi;

import io.flotilla.api.networking.v1alpha3.HTTPDirectResponse;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.gatewayapi.Attachments.Host;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of one listener as VirtualServices: one for each host, with the rules of all routes for it in order. */
record ListenerRoutes(
        BoundListener listener,
        List<BoundListener> beside,
        List<Attachment> attached,
        HttpCompiler compiler,
        Memo memo) {
    private static final int NOT_FOUND = 404;

    /** A rule of a route for a host, and what decides its place. */
    private record Placed(Host host, int age, CompiledRule.Entry entry, Config<?> route) {
        static final Comparator<Placed> ORDER = Comparator.comparing(
                        (Placed placed) -> placed.host().name(), Hostnames.MOST_SPECIFIC_FIRST)
                .thenComparing(placed -> placed.host().written(), Hostnames.MOST_SPECIFIC_FIRST)
                .thenComparing(placed -> placed.entry().rank(), Comparator.reverseOrder())
                .thenComparingInt(Placed::age);
    }

    /** What of a placed rule shows in the object that is made. */
    private record Part(CompiledRule.Entry entry, Config<?> route) {}

    List<Config<?>> objects() {
        List<Config<?>> made = new ArrayList<>();
        Form form = listener.form().orElse(Form.TCP);
        Map<String, List<Placed>> byHost = form.isHttp() ? placed() : Map.of();
        for (String host : hosts()) {
            Optional<Config<?>> route = form.isHttp() ? http(host, byHost) : layer4(host, form);
            route.ifPresent(made::add);
        }
        if (form == Form.HTTP && made.isEmpty() && shadowed()) {
            made.add(virtualService(
                    listener.host(),
                    VirtualService.newBuilder()
                            .addHttp(HTTPRoute.newBuilder()
                                    .setName("no-route")
                                    .setDirectResponse(
                                            HTTPDirectResponse.newBuilder().setStatus(NOT_FOUND))),
                    List.of(listener.gateway())));
        }
        return made;
    }

    /** Hosts at which something is attached, but for those that a listener beside this one has for itself. */
    private Set<String> hosts() {
        Set<String> hosts = new TreeSet<>();
        attached.forEach(attachment -> attachment.hosts().stream()
                .map(Host::name)
                .filter(host -> !elsewhere(host))
                .forEach(hosts::add));
        return hosts;
    }

    private boolean elsewhere(String host) {
        return beside.stream()
                .anyMatch(other -> rival(other)
                        && !other.host().equals(listener.host())
                        && Hostnames.subsetOf(other.host(), listener.host())
                        && Hostnames.subsetOf(host, other.host()));
    }

    /** Another listener would take the requests of this one, if it said nothing. */
    private boolean shadowed() {
        return beside.stream()
                .anyMatch(other -> rival(other)
                        && !other.host().equals(listener.host())
                        && Hostnames.subsetOf(listener.host(), other.host()));
    }

    private boolean rival(BoundListener other) {
        return other.usable()
                && other.listener().getPort() == listener.listener().getPort()
                && other.form().equals(listener.form());
    }

    /** What is attached, by host: the rules of a route are put in Istio's words once, however many hosts it has. */
    private Map<String, List<Placed>> placed() {
        HttpCompiler.Port port = new HttpCompiler.Port(
                listener.listener().getPort(),
                listener.form().filter(Form.HTTPS::equals).isPresent());
        Map<String, List<Placed>> byHost = new TreeMap<>();
        for (int age = 0; age < attached.size(); age++) {
            AnyRoute route = attached.get(age).route();
            List<CompiledRule.Entry> entries = memo.entries(route, port, compiler);
            for (Host host : attached.get(age).hosts()) {
                List<Placed> here = byHost.computeIfAbsent(host.name(), each -> new ArrayList<>());
                for (CompiledRule.Entry entry : entries) {
                    here.add(new Placed(host, age, entry, route.config()));
                }
            }
        }
        return byHost;
    }

    private Optional<Config<?>> http(String host, Map<String, List<Placed>> byHost) {
        List<Placed> placed = new ArrayList<>();
        Set<Integer> ages = new HashSet<>();
        // Of the hosts of one route that cover this one, the most specific counts.
        for (String covering : covering(host, byHost.keySet())) {
            Set<Integer> here = new HashSet<>();
            for (Placed each : byHost.getOrDefault(covering, List.of())) {
                if (!ages.contains(each.age())) {
                    placed.add(each);
                    here.add(each.age());
                }
            }
            ages.addAll(here);
        }
        if (placed.isEmpty()) {
            return Optional.empty();
        }
        placed.sort(Placed.ORDER);
        List<Object> parts = new ArrayList<>(List.of(host, listener.derivedName()));
        placed.forEach(each -> parts.add(new Part(each.entry(), each.route())));
        return memo.object(key(host), parts, () -> {
            VirtualService.Builder spec = VirtualService.newBuilder();
            placed.forEach(each -> spec.addHttp(each.entry().spec()));
            return Optional.of(virtualService(
                    host, spec, placed.stream().map(Placed::route).toList()));
        });
    }

    /** The host itself, and the wildcards above it, the most specific first. */
    private static List<String> covering(String host, Set<String> known) {
        List<String> covering = new ArrayList<>();
        String suffix = host.startsWith("*") ? host.substring(1) : host;
        if (known.contains(host)) {
            covering.add(host);
        }
        for (int dot = suffix.indexOf('.', 1); dot > 0; dot = suffix.indexOf('.', dot + 1)) {
            String wildcard = "*" + suffix.substring(dot);
            if (known.contains(wildcard) && !covering.contains(wildcard)) {
                covering.add(wildcard);
            }
        }
        if (known.contains("*") && !covering.contains("*")) {
            covering.add("*");
        }
        return covering;
    }

    private Optional<Config<?>> layer4(String host, Form form) {
        return attached.stream()
                .filter(attachment ->
                        attachment.hosts().stream().anyMatch(each -> each.name().equals(host)))
                .findFirst()
                .map(attachment -> virtualService(
                        host,
                        new Layer4Routes(compiler.backends())
                                .rules(
                                        attachment.route(),
                                        form == Form.PASSTHROUGH ? List.of(host) : List.of(),
                                        listener.listener().getPort()),
                        List.of(attachment.route().config())));
    }

    private ObjectKey key(String host) {
        return ObjectKey.of(
                Kind.VIRTUAL_SERVICE,
                listener.gateway().namespace(),
                DerivedNames.of(listener.gateway().name(), listener.listener().getName(), DerivedNames.host(host)));
    }

    private Config<VirtualService> virtualService(
            String host, VirtualService.Builder spec, List<? extends Config<?>> sources) {
        String gateway = DerivedNames.reference(listener.gateway().key(), listener.derivedName());
        return Derived.object(
                Kind.VIRTUAL_SERVICE,
                listener.gateway().namespace(),
                key(host).name(),
                spec.addHosts(host).addGateways(gateway).addExportTo("*").build(),
                sources);
    }
}
