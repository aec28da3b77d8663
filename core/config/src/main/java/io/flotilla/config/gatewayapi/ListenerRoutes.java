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
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The routes of one listener as VirtualServices: one for each host, with the rules of all routes for it in order. */
record ListenerRoutes(
        BoundListener listener, List<BoundListener> beside, List<Attachment> attached, HttpCompiler compiler) {
    private static final int NOT_FOUND = 404;

    /** A rule of a route for a host, and what decides its place. */
    private record Placed(Host host, int age, CompiledRule.Entry entry, Config<?> route) {
        static final Comparator<Placed> ORDER = Comparator.comparing(
                        (Placed placed) -> placed.host().name(), Hostnames.MOST_SPECIFIC_FIRST)
                .thenComparing(placed -> placed.host().written(), Hostnames.MOST_SPECIFIC_FIRST)
                .thenComparing(placed -> placed.entry().rank(), Comparator.reverseOrder())
                .thenComparingInt(Placed::age);
    }

    List<Config<?>> objects() {
        List<Config<?>> made = new ArrayList<>();
        Form form = listener.form().orElse(Form.TCP);
        for (String host : hosts()) {
            Optional<Config<VirtualService>> route = form.isHttp() ? http(host) : layer4(host, form);
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

    private Optional<Config<VirtualService>> http(String host) {
        List<Placed> placed = new ArrayList<>();
        HttpCompiler.Port port = new HttpCompiler.Port(
                listener.listener().getPort(),
                listener.form().filter(Form.HTTPS::equals).isPresent());
        for (int age = 0; age < attached.size(); age++) {
            AnyRoute route = attached.get(age).route();
            Optional<Host> covering = covering(attached.get(age), host);
            if (covering.isPresent()) {
                for (HttpRule rule : route.httpRules()) {
                    for (CompiledRule.Entry entry :
                            compiler.compile(route, rule, port).entries()) {
                        placed.add(new Placed(covering.get(), age, entry, route.config()));
                    }
                }
            }
        }
        if (placed.isEmpty()) {
            return Optional.empty();
        }
        placed.sort(Placed.ORDER);
        VirtualService.Builder spec = VirtualService.newBuilder();
        placed.forEach(each -> spec.addHttp(each.entry().spec()));
        return Optional.of(
                virtualService(host, spec, placed.stream().map(Placed::route).toList()));
    }

    private static Optional<Host> covering(Attachment attachment, String host) {
        return attachment.hosts().stream()
                .filter(each -> Hostnames.subsetOf(host, each.name()))
                .min(Comparator.comparing(Host::name, Hostnames.MOST_SPECIFIC_FIRST)
                        .thenComparing(Host::written, Hostnames.MOST_SPECIFIC_FIRST));
    }

    private Optional<Config<VirtualService>> layer4(String host, Form form) {
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

    private Config<VirtualService> virtualService(
            String host, VirtualService.Builder spec, List<? extends Config<?>> sources) {
        String gateway = DerivedNames.reference(listener.gateway().key(), listener.derivedName());
        return Derived.object(
                Kind.VIRTUAL_SERVICE,
                listener.gateway().namespace(),
                DerivedNames.of(listener.gateway().name(), listener.listener().getName(), DerivedNames.host(host)),
                spec.addHosts(host).addGateways(gateway).addExportTo("*").build(),
                sources);
    }
}
