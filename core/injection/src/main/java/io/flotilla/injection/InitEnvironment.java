package io.flotilla.injection;

import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.envoy.bootstrap.StaticListeners;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment of the two injected containers; names that classic Istio had keep them. */
final class InitEnvironment {
    private InitEnvironment() {}

    /** What a pod knows of itself: of both containers, since what Pilot sends refers to it. */
    static List<Map<String, Object>> ofPod() {
        return List.of(
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("POD_UID", "metadata.uid"),
                field("POD_IP", "status.podIP"));
    }

    /** What the init script needs. */
    static List<Map<String, Object>> of(InjectionSettings settings, String bootstrap) {
        IdentityFiles files = settings.mesh().files();
        List<Map<String, Object>> environment = new ArrayList<>(ofPod());
        environment.add(field("POD_IPS", "status.podIPs"));
        environment.add(value("PROXY_DIR", files.proxyDirectory()));
        environment.addAll(capture(settings));
        environment.add(value("FLOTILLA_TOKEN_DESCRIPTION", files.tokenDescriptionText()));
        environment.add(value("FLOTILLA_ROOT_DESCRIPTION", files.rootDescriptionText()));
        environment.add(value("FLOTILLA_BOOTSTRAP", bootstrap));
        return environment;
    }

    private static List<Map<String, Object>> capture(InjectionSettings settings) {
        Capture capture = settings.capture();
        CaptureScope scope = capture.scope();
        return List.of(
                value("ISTIO_INBOUND_INTERCEPTION_MODE", capture.mode().name()),
                value("ENVOY_PORT", Integer.toString(capture.ports().outbound())),
                value("INBOUND_CAPTURE_PORT", Integer.toString(capture.ports().inbound())),
                value("PROXY_UID", capture.ownTraffic() instanceof OwnTraffic.UserId user ? "" + user.id() : ""),
                value("PROXY_MARK", capture.ownTraffic() instanceof OwnTraffic.Mark mark ? "" + mark.mark() : ""),
                value("ISTIO_INBOUND_PORTS", scope.inbound().includePorts()),
                value("ISTIO_LOCAL_EXCLUDE_PORTS", excludedInbound(settings)),
                value("ISTIO_SERVICE_CIDR", scope.includeOutboundRanges()),
                value("ISTIO_SERVICE_EXCLUDE_CIDR", scope.excludeOutboundRanges()),
                value("ISTIO_OUTBOUND_PORTS", scope.includeOutboundPorts()),
                value("ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE", scope.excludeOutboundPorts()),
                value("ISTIO_EXCLUDE_INTERFACES", scope.excludeInterfaces()));
    }

    // The kubelet and Prometheus talk to the sidecar's own listeners in plain text.
    private static String excludedInbound(InjectionSettings settings) {
        StaticListeners listeners = settings.listeners();
        String own = Stream.of(listeners.probes(), listeners.readiness(), listeners.stats())
                .map(address -> Integer.toString(address.port()))
                .collect(Collectors.joining(","));
        String asked = settings.capture().scope().inbound().excludePorts();
        return asked.isEmpty() ? own : own + "," + asked;
    }

    private static Map<String, Object> value(String name, String value) {
        return Tree.of("name", name, "value", value);
    }

    private static Map<String, Object> field(String name, String path) {
        return Tree.of("name", name, "valueFrom", Tree.of("fieldRef", Tree.of("fieldPath", path)));
    }
}
