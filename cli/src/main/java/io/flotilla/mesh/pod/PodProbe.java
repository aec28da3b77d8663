package io.flotilla.mesh.pod;

import io.flotilla.config.platform.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A probe of a container, as the kubelet reads it.
 *
 * @param check   how it asks
 * @param delay   before the first
 * @param period  between two
 * @param timeout of one
 * @param failures in a row that make it fail
 */
public record PodProbe(Check check, Duration delay, Duration period, Duration timeout, int failures) {
    /** What is asked. */
    public sealed interface Check {
        /** Healthy is a status from 200 to 399. */
        record Http(int port, String path, Map<String, String> headers) implements Check {
            public Http {
                headers = Map.copyOf(headers);
            }
        }

        /** Healthy is an accepted connection. */
        record Tcp(int port) implements Check {}

        /** Healthy is exit code 0. */
        record Exec(List<String> command) implements Check {
            public Exec {
                command = List.copyOf(command);
            }
        }
    }

    /** The probe in a container's field, with Kubernetes' defaults. */
    static Optional<PodProbe> read(Manifest container, String field) {
        Manifest probe = container.part(field);
        return check(container, probe)
                .map(check -> new PodProbe(
                        check,
                        Duration.ofSeconds(probe.number("initialDelaySeconds").orElse(0)),
                        Duration.ofSeconds(
                                Math.max(1, probe.number("periodSeconds").orElse(10))),
                        Duration.ofSeconds(
                                Math.max(1, probe.number("timeoutSeconds").orElse(1))),
                        Math.max(1, probe.number("failureThreshold").orElse(3))));
    }

    private static Optional<Check> check(Manifest container, Manifest probe) {
        if (probe.value("httpGet").isPresent()) {
            Map<String, String> headers = new java.util.TreeMap<>();
            probe.list("httpGet", "httpHeaders")
                    .forEach(header -> headers.put(header.text("name"), header.text("value")));
            String path = probe.text("httpGet", "path");
            return Optional.of(new Check.Http(
                    port(container, probe.text("httpGet", "port")), path.isEmpty() ? "/" : path, headers));
        }
        if (probe.value("tcpSocket").isPresent()) {
            return Optional.of(new Check.Tcp(port(container, probe.text("tcpSocket", "port"))));
        }
        return probe.value("exec").isPresent()
                ? Optional.of(new Check.Exec(probe.texts("exec", "command")))
                : Optional.empty();
    }

    private static int port(Manifest container, String port) {
        if (!port.isEmpty() && port.chars().allMatch(Character::isDigit)) {
            return Integer.parseInt(port);
        }
        return container.list("ports").stream()
                .filter(each -> each.text("name").equals(port))
                .mapToInt(each -> each.number("containerPort").orElse(0))
                .findFirst()
                .orElse(0);
    }
}
