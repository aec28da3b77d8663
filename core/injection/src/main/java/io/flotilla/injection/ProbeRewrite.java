package io.flotilla.injection;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.AppProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the kubelet's probes of applications into probes of the sidecar's static listener, which asks the application:
 * HTTP, TCP and gRPC ones. Probes that run a command stay.
 *
 * @param containers the containers with the new probes
 * @param probes     what the sidecar must do
 * @param problems   probes that name no port that there is
 */
record ProbeRewrite(List<Map<String, Object>> containers, List<AppProbe> probes, List<String> problems) {
    private static final Map<String, String> PATHS =
            Map.of("readinessProbe", "readyz", "livenessProbe", "livez", "startupProbe", "startupz");

    // How often Envoy tries what is not simply passed on.
    private static final Duration CHECK_PERIOD = Durations.fromSeconds(1);

    static ProbeRewrite of(List<Map<String, Object>> containers, String appHost, int probesPort) {
        ProbeRewrite rewrite = new ProbeRewrite(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Map<String, Object> container : containers) {
            rewrite.containers.add(rewrite.container(container, appHost, probesPort));
        }
        return rewrite;
    }

    private Map<String, Object> container(Map<String, Object> container, String appHost, int probesPort) {
        Map<String, Object> rewritten = container;
        for (String field : List.of("readinessProbe", "livenessProbe", "startupProbe")) {
            Map<String, Object> probe = Tree.object(container, field);
            String name = Tree.text(container, "name");
            String route = "/app-health/" + name + "/" + PATHS.get(field);
            Optional<AppProbe> known = probe(container, name + "." + field, probe, route, appHost);
            if (known.isPresent()) {
                probes.add(known.get());
                rewritten = Tree.with(rewritten, field, viaSidecar(probe, route, probesPort));
            }
        }
        return rewritten;
    }

    private Optional<AppProbe> probe(
            Map<String, Object> container, String field, Map<String, Object> probe, String route, String appHost) {
        if (probe.containsKey("httpGet")) {
            Map<String, Object> get = Tree.object(probe, "httpGet");
            String path = Tree.text(get, "path");
            return target(container, field + ".httpGet", get, appHost)
                    .map(target -> new AppProbe.Http(
                            route,
                            target,
                            path.startsWith("/") ? path : "/" + path,
                            Tree.text(get, "scheme").equalsIgnoreCase("HTTPS")));
        }
        if (probe.containsKey("tcpSocket")) {
            return target(container, field + ".tcpSocket", Tree.object(probe, "tcpSocket"), appHost)
                    .map(target -> new AppProbe.Tcp(route, target, CHECK_PERIOD));
        }
        if (probe.containsKey("grpc")) {
            Map<String, Object> grpc = Tree.object(probe, "grpc");
            return target(container, field + ".grpc", grpc, appHost)
                    .map(target -> new AppProbe.Grpc(route, target, Tree.text(grpc, "service"), CHECK_PERIOD));
        }
        return Optional.empty();
    }

    private Optional<Address> target(
            Map<String, Object> container, String field, Map<String, Object> action, String appHost) {
        String host = Tree.text(action, "host");
        String wanted = Tree.text(action, "port");
        String number = Tree.objects(container, "ports").stream()
                .filter(port -> Tree.text(port, "name").equals(wanted) && !wanted.isEmpty())
                .map(port -> Tree.text(port, "containerPort"))
                .findFirst()
                .orElse(wanted);
        try {
            return Optional.of(new Address(host.isEmpty() ? appHost : host, Integer.parseInt(number)));
        } catch (IllegalArgumentException e) {
            problems.add(field + ".port: \"" + wanted + "\" is no port of container " + Tree.text(container, "name"));
            return Optional.empty();
        }
    }

    // Headers stay: the kubelet sends them, Envoy passes them on. The rest of the probe is the kubelet's business.
    private static Map<String, Object> viaSidecar(Map<String, Object> probe, String route, int probesPort) {
        Map<String, Object> get = new LinkedHashMap<>(Tree.of("path", route, "port", probesPort));
        Object headers = Tree.object(probe, "httpGet").get("httpHeaders");
        if (headers != null) {
            get.put("httpHeaders", headers);
        }
        Map<String, Object> rewritten = new LinkedHashMap<>();
        probe.forEach((field, value) -> {
            switch (field) {
                case "httpGet", "tcpSocket", "grpc" -> rewritten.put("httpGet", get);
                default -> rewritten.put(field, value);
            }
        });
        return rewritten;
    }
}
