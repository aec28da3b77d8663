package io.flotilla.config.ingress;

import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.PortSelector;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.List;
import java.util.Optional;

/** Finds the Services of Ingresses; what cannot be found is told. */
record IngressBackends(Lookup lookup, DeriveOptions options, List<Diagnostic> problems) {
    private static final String CODE = "FL0541";

    Optional<Destination> resolve(Config<Ingress> ingress, Ingress.Backend backend) {
        Named named = Named.of(backend);
        if (backend.hasResource()) {
            return problem(ingress, "backend " + backend.getResource().getKind() + " is not supported; a service is");
        }
        Optional<Manifest> service = lookup.manifest(Kind.SERVICE, ingress.namespace(), named.service());
        String full = "Service " + ingress.namespace() + "/" + named.service();
        if (service.isEmpty()) {
            return problem(ingress, full + " does not exist; requests for it get 503");
        }
        int port = named.number();
        if (port == 0) {
            port = service.get().list("spec", "ports").stream()
                    .filter(each -> each.text("name").equals(named.port()))
                    .map(each -> each.number("port").orElse(0))
                    .findFirst()
                    .orElse(0);
            if (port == 0) {
                return problem(ingress, full + " has no port " + named.port() + "; requests for it get 503");
            }
        }
        return Optional.of(Destination.newBuilder()
                .setHost(options.host(named.service(), ingress.namespace()))
                .setPort(PortSelector.newBuilder().setNumber(port))
                .build());
    }

    private Optional<Destination> problem(Config<Ingress> ingress, String message) {
        Diagnostic found = new Diagnostic(
                Severity.WARNING, CODE, ingress.origin(), ingress.key().toString(), "", message);
        if (!problems.contains(found)) {
            problems.add(found);
        }
        return Optional.empty();
    }

    /** Service and port in the words of any version. */
    private record Named(String service, String port, int number) {
        @SuppressWarnings("deprecation") // older objects have them
        static Named of(Ingress.Backend backend) {
            if (backend.hasService()) {
                return new Named(
                        backend.getService().getName(),
                        backend.getService().getPort().getName(),
                        backend.getService().getPort().getNumber());
            }
            return new Named(backend.getServiceName(), backend.getServicePort().getStringValue(), (int)
                    backend.getServicePort().getNumberValue());
        }
    }
}
