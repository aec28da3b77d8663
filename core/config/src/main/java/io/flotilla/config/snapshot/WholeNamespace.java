package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Without a Sidecar: everything that the namespace sees. */
record WholeNamespace(String namespace, ServiceIndex visible, RouteIndex routes) implements Imports {
    @Override
    public Optional<Config<Sidecar>> sidecar() {
        return Optional.empty();
    }

    @Override
    public List<MeshService> services() {
        return visible.visible(namespace);
    }

    @Override
    public Set<String> namespaces() {
        return visible.namespaces(namespace);
    }

    @Override
    public Optional<MeshService> service(String hostname) {
        return visible.service(hostname, namespace);
    }

    @Override
    public List<Config<VirtualService>> virtualServices() {
        return routes.visible(namespace).all();
    }

    @Override
    public List<Config<VirtualService>> virtualServices(String hostname) {
        return routes.visible(namespace).about(hostname);
    }

    @Override
    public List<Config<VirtualService>> virtualServices(Set<ObjectKey> keys) {
        return routes.visible(namespace).of(keys);
    }

    @Override
    public Set<String> callerLabels() {
        return routes.visible(namespace).callerLabels();
    }

    @Override
    public List<Egress> egress() {
        return List.of(new Egress(IstioEgressListener.getDefaultInstance(), services(), virtualServices()));
    }
}
