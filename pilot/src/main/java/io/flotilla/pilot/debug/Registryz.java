package io.flotilla.pilot.debug;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.discovery.Groups;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The services and endpoints that Pilot knows: /debug/registryz and /debug/endpointz. */
final class Registryz {
    private Registryz() {}

    static JsonArray services(MeshSnapshot snapshot) {
        JsonArray all = new JsonArray();
        for (MeshService service : snapshot.services()) {
            JsonArray ports = new JsonArray();
            service.ports()
                    .forEach(port -> ports.add(new JsonObject()
                            .put("name", port.name())
                            .put("port", port.number())
                            .put("protocol", port.protocol().name())));
            all.add(new JsonObject()
                    .put("hostname", service.hostname())
                    .put("namespace", service.namespace())
                    .put("addresses", new JsonArray(service.addresses()))
                    .put("resolution", service.resolution().name())
                    .put("external", service.external())
                    .put("ports", ports)
                    .put("origin", service.origin().toString()));
        }
        return all;
    }

    /** @param held namespaces of which endpoints are known here: of others nothing is said */
    static JsonArray endpoints(MeshSnapshot snapshot, Groups held) {
        JsonArray all = new JsonArray();
        for (MeshService service : snapshot.services()) {
            for (ServicePort port : held.has(service.namespace()) ? service.ports() : List.<ServicePort>of()) {
                JsonArray endpoints = new JsonArray();
                snapshot.endpoints(service, port.number()).forEach(endpoint -> endpoints.add(endpoint(endpoint)));
                all.add(new JsonObject()
                        .put("service", service.hostname())
                        .put("port", port.number())
                        .put("endpoints", endpoints));
            }
        }
        return all;
    }

    private static JsonObject endpoint(MeshEndpoint endpoint) {
        return new JsonObject()
                .put("address", String.join(",", endpoint.addresses()) + ":" + endpoint.port())
                .put("workload", endpoint.workload())
                .put("serviceAccount", endpoint.serviceAccount())
                .put("health", endpoint.health().name())
                .put("meshTls", endpoint.meshTls())
                .put("locality", endpoint.locality());
    }
}
