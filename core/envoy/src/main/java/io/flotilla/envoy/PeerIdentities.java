package io.flotilla.envoy;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.List;
import java.util.stream.Stream;

/** The SPIFFE identities that a client expects behind a service. */
@FunctionalInterface
public interface PeerIdentities {
    /** Sorted "spiffe://..." URIs; empty where nothing is known, then any identity of the mesh will do. */
    List<String> of(MeshSnapshot snapshot, MeshService service);

    /** Those of the endpoints that the service has at this moment, in every name of the trust domain. */
    static PeerIdentities ofEndpoints() {
        return (snapshot, service) -> service.ports().stream()
                .flatMap(port -> snapshot.endpoints(service, port.number()).stream())
                .filter(MeshEndpoint::meshTls)
                .filter(endpoint -> !endpoint.serviceAccount().isEmpty())
                .flatMap(endpoint -> identities(snapshot.settings(), endpoint))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> identities(MeshSettings settings, MeshEndpoint endpoint) {
        return Stream.concat(Stream.of(settings.trustDomain()), settings.trustDomainAliases().stream())
                .map(domain ->
                        "spiffe://" + domain + "/ns/" + endpoint.namespace() + "/sa/" + endpoint.serviceAccount());
    }
}
