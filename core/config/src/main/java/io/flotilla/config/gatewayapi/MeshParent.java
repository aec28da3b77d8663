package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.Optional;

/**
 * A Service as the parent of a route for callers in the mesh.
 *
 * @param port number, 0 for all
 */
record MeshParent(String namespace, String name, int port) {
    /** Empty where there is no such Service, or no such port. */
    static Optional<MeshParent> of(AnyRoute route, ParentReference parent, Lookup lookup) {
        String namespace = route.namespace(parent);
        return lookup.manifest(Kind.SERVICE, namespace, parent.getName()).flatMap(service -> {
            if (parent.getSectionName().isEmpty() && parent.getPort() == 0) {
                return Optional.of(new MeshParent(namespace, parent.getName(), 0));
            }
            return service.list("spec", "ports").stream()
                    .filter(port -> parent.getSectionName().isEmpty()
                            || parent.getSectionName().equals(port.text("name")))
                    .map(MeshParent::number)
                    .filter(number -> parent.getPort() == 0 || parent.getPort() == number)
                    .map(number -> new MeshParent(namespace, parent.getName(), number))
                    .findFirst();
        });
    }

    private static int number(Manifest port) {
        return port.number("port").orElse(0);
    }
}
