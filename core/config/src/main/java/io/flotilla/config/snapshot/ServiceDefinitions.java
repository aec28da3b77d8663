package io.flotilla.config.snapshot;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshService.Resolution;
import java.util.Comparator;
import java.util.List;

/** Services of the registry and hosts of ServiceEntries as services of the mesh. */
final class ServiceDefinitions {
    private static final Comparator<ServicePort> BY_NUMBER =
            Comparator.comparingInt(ServicePort::number).thenComparing(ServicePort::name);

    private final MeshSettings settings;
    private final List<String> exportTo;
    private final EntryVisibility visibility;

    /** By what a mesh says of services, and its namespaces. */
    ServiceDefinitions(MeshSettings settings, MeshConfig mesh, ObjectTable objects) {
        this.settings = settings;
        this.exportTo = mesh.getDefaultServiceExportToList();
        this.visibility = EntryVisibility.of(mesh, objects);
    }

    ServiceDefinition registered(Config<Service> config) {
        Service service = config.spec();
        boolean alias = !service.getExternalName().isEmpty();
        Resolution resolution =
                alias ? Resolution.DNS : service.getHeadless() ? Resolution.PASSTHROUGH : Resolution.REGISTRY;
        List<ServicePort> ports = service.getPortsList().stream()
                .map(port -> new ServicePort(
                        port.getName(),
                        port.getNumber(),
                        Protocols.ofPort(
                                port.getName(),
                                port.getNumber(),
                                port.getTransport(),
                                port.getAppProtocol(),
                                settings.classic())))
                .sorted(BY_NUMBER)
                .toList();
        MeshService built = new MeshService(
                service.getHostname(),
                service.getNamespace(),
                service.getName(),
                service.getAddressesList(),
                ports,
                resolution,
                alias,
                service.getLabelsMap(),
                ExportTo.resolve(service.getExportToList(), service.getNamespace(), exportTo),
                List.of(),
                origin(service.getOrigin()));
        return new ServiceDefinition.Registered(built, config);
    }

    List<ServiceDefinition> declared(Config<ServiceEntry> config) {
        return config.spec().getHostsList().stream()
                .distinct()
                .map(host -> declared(config, host))
                .toList();
    }

    private ServiceDefinition declared(Config<ServiceEntry> config, String host) {
        ServiceEntry entry = config.spec();
        List<ServicePort> ports = entry.getPortsList().stream()
                .map(port -> new ServicePort(port.getName(), port.getNumber(), protocol(port)))
                .sorted(BY_NUMBER)
                .toList();
        MeshService built = new MeshService(
                host,
                config.namespace(),
                host,
                entry.getAddressesList(),
                ports,
                resolution(entry.getResolution()),
                entry.getLocation() == ServiceEntry.Location.MESH_EXTERNAL,
                config.labels(),
                visibility.limit(
                        ExportTo.resolve(entry.getExportToList(), config.namespace(), exportTo), config.namespace()),
                entry.getSubjectAltNamesList(),
                config.origin());
        return new ServiceDefinition.Declared(built, config);
    }

    private Protocol protocol(io.flotilla.api.networking.v1alpha3.ServicePort port) {
        return Protocols.parse(port.getProtocol())
                .orElseGet(() -> Protocols.ofPort(port.getName(), port.getNumber(), "TCP", "", settings.classic()));
    }

    private static Resolution resolution(ServiceEntry.Resolution resolution) {
        return switch (resolution) {
            case STATIC -> Resolution.REGISTRY;
            case DNS -> Resolution.DNS;
            case DNS_ROUND_ROBIN -> Resolution.DNS_ROUND_ROBIN;
            case DYNAMIC_DNS -> Resolution.DYNAMIC_DNS;
            case NONE, UNRECOGNIZED -> Resolution.PASSTHROUGH;
        };
    }

    private static Origin origin(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return colon < 0
                    ? new Origin(text, 0)
                    : new Origin(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            return new Origin(text, 0);
        }
    }
}
