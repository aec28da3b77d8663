package io.flotilla.gateway;

import io.envoyproxy.envoy.config.core.v3.Locality;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.BootstrapSettings;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.EdgeSecrets;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.envoy.bootstrap.ProxyNode;
import io.flotilla.envoy.bootstrap.ProxyRole;
import io.flotilla.envoy.bootstrap.ProxyTuning;
import io.flotilla.envoy.bootstrap.StaticListeners;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns the service's settings into those of its Envoy's bootstrap. */
final class GatewayBootstrap {
    private static final int MAX_CONNECTIONS = 200_000;
    private static final String NONE = "none";

    private GatewayBootstrap() {}

    static BootstrapSettings of(GatewaySettings settings) {
        GatewaySettings.Listen listen = settings.listen();
        return new BootstrapSettings(
                node(settings),
                controlPlane(settings),
                new StaticListeners(
                        Address.parse(listen.admin()),
                        Address.parse(listen.probes()),
                        Address.parse(listen.readiness()),
                        Address.parse(listen.stats())),
                List.of(),
                new ProxyTuning(
                        MAX_CONNECTIONS,
                        OptionalLong.empty(),
                        List.of(),
                        settings.envoy().socketMark().map(OptionalLong::of).orElse(OptionalLong.empty()),
                        Optional.empty()),
                Optional.of(new EdgeSecrets.Socket(sdsSocket(settings).toString())));
    }

    /** The files that the Envoy reads its identity from. */
    static IdentityFiles files(GatewaySettings settings) {
        return new IdentityFiles(
                settings.envoy().directory(),
                settings.link().tokenDir(),
                settings.link().rootDir());
    }

    static Path sdsSocket(GatewaySettings settings) {
        return Path.of(settings.secrets().sdsSocket().orElse(settings.envoy().directory() + "/sds.sock"));
    }

    private static ControlPlane controlPlane(GatewaySettings settings) {
        GatewaySettings.Link link = settings.link();
        ControlPlane.Server pilot = new ControlPlane.Server(Address.parse(link.pilot()), link.pilotName());
        if (link.citadel().equals(NONE)) {
            return new ControlPlane(pilot, Optional.empty());
        }
        ControlPlane.Server citadel = new ControlPlane.Server(Address.parse(link.citadel()), link.citadelName());
        return new ControlPlane(pilot, Optional.of(new ControlPlane.Identity(citadel, files(settings))));
    }

    private static ProxyNode node(GatewaySettings settings) {
        GatewaySettings.Node node = settings.node();
        Map<String, String> labels = labels(node.labels().orElse(List.of("istio=ingressgateway")));
        return new ProxyNode(
                ProxyRole.ROUTER,
                new ProxyNode.Pod(
                        node.podName().orElse(settings.name()),
                        settings.namespace(),
                        node.podIp(),
                        node.podUid().orElse("")),
                new ProxyNode.Workload(
                        settings.name(),
                        labels.getOrDefault("app", settings.name()),
                        node.serviceAccount().orElse(settings.name() + "-service-account"),
                        labels),
                new ProxyNode.Placement(
                        node.domainSuffix(),
                        node.clusterId(),
                        node.network().orElse(""),
                        node.revision(),
                        node.interceptionMode(),
                        locality(node.locality().orElse(""))));
    }

    private static Locality locality(String path) {
        String[] parts = path.split("/", 3);
        return Locality.newBuilder()
                .setRegion(parts[0])
                .setZone(parts.length > 1 ? parts[1] : "")
                .setSubZone(parts.length > 2 ? parts[2] : "")
                .build();
    }

    private static Map<String, String> labels(List<String> pairs) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("flotilla.gateway.labels: \"" + pair + "\" is not NAME=VALUE");
            }
            labels.put(
                    pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
        }
        return labels;
    }
}
