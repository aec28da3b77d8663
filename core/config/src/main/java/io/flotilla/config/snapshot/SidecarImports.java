package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one Sidecar imports.
 *
 * @param chosen          the Sidecar
 * @param byHost          services by hostname
 * @param virtualServices of all listeners, oldest first
 * @param egress          its listeners
 */
record SidecarImports(
        Config<Sidecar> chosen,
        SortedMap<String, MeshService> byHost,
        List<MeshService> services,
        List<Config<VirtualService>> virtualServices,
        List<Egress> egress)
        implements Imports {
    SidecarImports(
            Config<Sidecar> chosen,
            SortedMap<String, MeshService> byHost,
            List<Config<VirtualService>> virtualServices,
            List<Egress> egress) {
        this(chosen, byHost, List.copyOf(byHost.values()), virtualServices, egress);
    }

    @Override
    public Optional<Config<Sidecar>> sidecar() {
        return Optional.of(chosen);
    }

    @Override
    public Optional<MeshService> service(String hostname) {
        return Optional.ofNullable(byHost.get(hostname));
    }
}
