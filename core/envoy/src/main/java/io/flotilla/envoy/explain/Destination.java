package io.flotilla.envoy.explain;

import static java.util.stream.Collectors.joining;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.Spelling;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.Imports;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.simulation.Call;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the mesh knows of the place that a call is for, and if that is nothing, why.
 *
 * @param text    follows the address, beginning with a comma; empty if there is nothing to say
 * @param service that is called
 * @param sidecar that keeps the service from the caller
 */
record Destination(String text, Optional<MeshService> service, Optional<Config<Sidecar>> sidecar) {
    static Destination of(MeshSnapshot mesh, ProxyView view, Call call) {
        Optional<MeshService> byAddress = mesh.visibleServices(view.namespace()).stream()
                .filter(candidate -> candidate.addresses().contains(call.address()))
                .findFirst();
        if (byAddress.isPresent()) {
            return known(", the address of ", mesh, view, byAddress.get(), call);
        }
        if (view.router()) {
            return nowhere("");
        }
        return mesh.workloadByAddress("", call.address())
                .map(pod -> nowhere(", the pod " + pod.getNamespace() + "/" + pod.getName()))
                .orElseGet(() -> byName(mesh, view, call));
    }

    private static Destination byName(MeshSnapshot mesh, ProxyView view, Call call) {
        String host = call.host().replaceAll(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        if (host.isEmpty() || host.matches("[0-9.]+|\\[.*]")) {
            return nowhere(", an address that nothing in the mesh has");
        }
        String name = Hostnames.resolve(host, view.namespace(), mesh.settings().domainSuffix());
        List<MeshService> visible = mesh.visibleServices(view.namespace());
        Optional<MeshService> service = visible.stream()
                .filter(candidate -> Hostnames.subsetOf(name, candidate.hostname()))
                .min((one, other) -> Hostnames.MOST_SPECIFIC_FIRST.compare(one.hostname(), other.hostname()));
        if (service.isPresent()) {
            return known(", where ", mesh, view, service.get(), call);
        }
        Optional<MeshService> hidden = mesh.services(name).stream().findFirst();
        if (hidden.isPresent()) {
            return new Destination(
                    ", and " + name + " is exported to "
                            + String.join(", ", hidden.get().exportTo()) + " only",
                    hidden,
                    Optional.empty());
        }
        List<String> names = visible.stream().map(MeshService::hostname).toList();
        return nowhere(", and no Service or ServiceEntry is called " + name + Spelling.suggestion(name, names));
    }

    private static Destination known(String how, MeshSnapshot mesh, ProxyView view, MeshService service, Call call) {
        Imports imports = mesh.imports(view.namespace(), view.labels(), !view.router());
        String text = how + service.hostname();
        if (imports.service(service.hostname()).isEmpty()) {
            return new Destination(
                    text + ", which the Sidecar does not import", Optional.of(service), imports.sidecar());
        }
        if (service.port(call.port()).isEmpty()) {
            String ports = service.ports().stream()
                    .map(port -> port.number() + (port.name().isEmpty() ? "" : " (" + port.name() + ")"))
                    .collect(joining(", "));
            text += ", which has no port " + call.port() + ", only " + ports;
        }
        return new Destination(text, Optional.of(service), Optional.empty());
    }

    private static Destination nowhere(String text) {
        return new Destination(text, Optional.empty(), Optional.empty());
    }
}
