package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What one Sidecar imports.
 *
 * @param chosen          the Sidecar
 * @param byHost          services by hostname
 * @param namespaces      of the services
 * @param rules           VirtualServices of all listeners, oldest first
 * @param egress          its listeners
 */
record SidecarImports(
        Config<Sidecar> chosen,
        SortedMap<String, MeshService> byHost,
        List<MeshService> services,
        Set<String> namespaces,
        RankedRules rules,
        List<Egress> egress)
        implements Imports {
    SidecarImports(
            Config<Sidecar> chosen, SortedMap<String, MeshService> byHost, RankedRules rules, List<Egress> egress) {
        this(
                chosen,
                byHost,
                List.copyOf(byHost.values()),
                byHost.values().stream().map(MeshService::namespace).collect(Collectors.toUnmodifiableSet()),
                rules,
                egress);
    }

    @Override
    public Optional<Config<Sidecar>> sidecar() {
        return Optional.of(chosen);
    }

    @Override
    public Optional<MeshService> service(String hostname) {
        return Optional.ofNullable(byHost.get(hostname));
    }

    @Override
    public List<Config<VirtualService>> virtualServices() {
        return rules.all();
    }

    @Override
    public List<Config<VirtualService>> virtualServices(String hostname) {
        return rules.about(hostname);
    }

    @Override
    public List<Config<VirtualService>> virtualServices(Set<ObjectKey> keys) {
        return rules.of(keys);
    }

    @Override
    public Set<String> callerLabels() {
        return rules.callerLabels();
    }
}
