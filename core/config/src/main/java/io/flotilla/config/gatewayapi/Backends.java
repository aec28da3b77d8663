package io.flotilla.config.gatewayapi;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.PortSelector;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.Comparator;
import java.util.Optional;

/** Finds what backendRefs name. */
record Backends(Lookup lookup, Grants grants, DeriveOptions options) {
    static final Comparator<Service> BY_NAME =
            Comparator.comparing(Service::namespace).thenComparing(Service::name);

    /** A backend, found or not. */
    sealed interface Backend {
        record Found(Destination destination, Optional<Service> service) implements Backend {}

        record Missing(String reason, String message) implements Backend {}
    }

    /** A Service that a route leads to. */
    record Service(String namespace, String name) {}

    /**
     * A reference; what it leaves out is filled in.
     *
     * @param port 0 where none is given
     */
    record Reference(String group, String kind, String namespace, String name, int port) {}

    Backend resolve(Reference reference, AnyRoute route) {
        String namespace = reference.namespace().isEmpty() ? route.namespace() : reference.namespace();
        if (reference.group().equals("networking.istio.io") && reference.kind().equals("Hostname")) {
            return new Backend.Found(destination(reference.name(), reference.port()), Optional.empty());
        }
        if (!reference.group().isEmpty() || !reference.kind().equals("Service")) {
            return new Backend.Missing(
                    "InvalidKind",
                    "backend " + reference.kind() + (reference.group().isEmpty() ? "" : "." + reference.group()) + " "
                            + reference.name() + " is not supported; a Service is");
        }
        if (!grants.permits(route.kind(), route.namespace(), Kind.SERVICE, namespace, reference.name())) {
            return new Backend.Missing(
                    "RefNotPermitted",
                    "Service " + namespace + "/" + reference.name()
                            + " is in another namespace, where no ReferenceGrant" + " lets "
                            + route.kind().name() + " of " + route.namespace() + " name it");
        }
        Optional<Manifest> service = lookup.manifest(Kind.SERVICE, namespace, reference.name());
        if (service.isEmpty()) {
            return new Backend.Missing(
                    "BackendNotFound", "Service " + namespace + "/" + reference.name() + " does not exist");
        }
        boolean hasPort = service.get().list("spec", "ports").stream()
                .anyMatch(port -> port.number("port").orElse(0) == reference.port());
        boolean external = service.get().text("spec", "type").equals("ExternalName")
                && service.get().list("spec", "ports").isEmpty();
        if (!hasPort && !external) {
            return new Backend.Missing(
                    "BackendNotFound",
                    "Service " + namespace + "/" + reference.name() + " has no port " + reference.port());
        }
        return new Backend.Found(
                destination(options.host(reference.name(), namespace), reference.port()),
                Optional.of(new Service(namespace, reference.name())));
    }

    private static Destination destination(String host, int port) {
        Destination.Builder destination = Destination.newBuilder().setHost(host);
        if (port != 0) {
            destination.setPort(PortSelector.newBuilder().setNumber(port));
        }
        return destination.build();
    }
}
