package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Services of Kubernetes as the registry's. */
final class Services {
    private static final String EXPORT_TO = "networking.istio.io/exportTo";
    /** Annotations that say something to the mesh; what tools write about themselves would only cause changes. */
    private static final Set<String> OWN_DOMAINS = Set.of("istio.io", "flotilla.io");

    private Services() {}

    static boolean isHeadless(Manifest service) {
        return service.text("spec", "clusterIP").equals("None");
    }

    static boolean isExternalName(Manifest service) {
        return service.text("spec", "type").equals("ExternalName");
    }

    /** The addresses that the manifest gives. */
    static List<String> givenAddresses(Manifest service) {
        if (isHeadless(service) || isExternalName(service)) {
            return List.of();
        }
        List<String> all = service.texts("spec", "clusterIPs");
        String one = service.text("spec", "clusterIP");
        return !all.isEmpty() ? all : one.isEmpty() ? List.of() : List.of(one);
    }

    /** Needs an address, and the manifest has none. */
    static boolean needsAddress(Manifest service) {
        return !isHeadless(service)
                && !isExternalName(service)
                && givenAddresses(service).isEmpty();
    }

    static Service of(Config<Struct> config, RegistryOptions options, Map<String, String> allocated) {
        Manifest manifest = new Manifest(config.spec());
        Service.Builder service = Service.newBuilder()
                .setCluster(options.cluster())
                .setNamespace(config.namespace())
                .setName(config.name())
                .setHostname(config.name() + "." + config.namespace() + ".svc." + options.domainSuffix())
                .addAllAddresses(givenAddresses(manifest))
                .putAllSelector(manifest.strings("spec", "selector"))
                .putAllLabels(config.labels())
                .setHeadless(isHeadless(manifest))
                .setPublishNotReady(manifest.flag("spec", "publishNotReadyAddresses"))
                .setOrigin(config.origin().toString());
        config.annotations().forEach((key, value) -> {
            if (OWN_DOMAINS.stream().anyMatch(key::contains)) {
                service.putAnnotations(key, value);
            }
        });
        if (isExternalName(manifest)) {
            service.setExternalName(manifest.text("spec", "externalName"));
        }
        String address = allocated.get(config.key().resourceName());
        if (needsAddress(manifest) && address != null) {
            service.addAddresses(address);
        }
        manifest.list("spec", "ports").forEach(port -> service.addPorts(port(port)));
        for (String namespace : config.annotations().getOrDefault(EXPORT_TO, "").split(",", -1)) {
            if (!namespace.isBlank()) {
                service.addExportTo(namespace.strip());
            }
        }
        return service.build();
    }

    private static ServicePort port(Manifest port) {
        ServicePort.Builder built = ServicePort.newBuilder()
                .setName(port.text("name"))
                .setNumber(port.number("port").orElse(0))
                .setAppProtocol(port.text("appProtocol"));
        String transport = port.text("protocol").toUpperCase(Locale.ROOT);
        if (!transport.isEmpty() && !transport.equals("TCP")) {
            built.setTransport(transport);
        }
        port.number("targetPort")
                .ifPresentOrElse(built::setTargetNumber, () -> built.setTargetName(port.text("targetPort")));
        return built.build();
    }
}
