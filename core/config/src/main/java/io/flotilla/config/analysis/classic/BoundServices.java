package io.flotilla.config.analysis.classic;

import io.flotilla.api.mixer.v1.config.client.IstioService;
import io.flotilla.config.analysis.Mesh;

/** Services as bindings of Mixer name them. */
final class BoundServices {
    private BoundServices() {}

    /** The full host of a service, given whole or by its short name. */
    static String host(Mesh mesh, IstioService service, String namespace) {
        return service.getService().isEmpty() ? mesh.hosts().full(service.getName(), namespace) : service.getService();
    }

    /** It is there, or it stands for several. */
    static boolean known(Mesh mesh, String host, String namespace) {
        return host.isEmpty() || host.contains("*") || mesh.hosts().known(host, namespace);
    }
}
