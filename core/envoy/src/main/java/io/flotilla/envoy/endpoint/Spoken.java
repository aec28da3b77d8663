package io.flotilla.envoy.endpoint;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.envoy.Identity;
import java.util.List;

/**
 * Endpoints as automatic mutual TLS talks to them: one whose policies say DISABLE (Istio's PeerAuthentication) takes
 * plaintext alone, though it has a sidecar.
 */
public final class Spoken {
    private Spoken() {}

    /** The endpoints behind a port of a service. */
    public static List<MeshEndpoint> endpoints(MeshSnapshot mesh, MeshService service, int port) {
        List<MeshEndpoint> all = mesh.endpoints(service, port);
        return mesh.disablesMtls()
                ? all.stream().map(endpoint -> spoken(mesh, endpoint)).toList()
                : all;
    }

    /** The same as a part of a cache's key: the objects as they are, unless policies have a say. */
    public static Object key(MeshSnapshot mesh, MeshService service, int port) {
        return mesh.disablesMtls() ? endpoints(mesh, service, port) : Identity.of(mesh.endpoints(service, port));
    }

    private static MeshEndpoint spoken(MeshSnapshot mesh, MeshEndpoint endpoint) {
        return endpoint.meshTls()
                        && mesh.mtlsMode(endpoint.namespace(), endpoint.labels(), endpoint.port()) == MtlsMode.DISABLE
                ? endpoint.plaintext()
                : endpoint;
    }
}
