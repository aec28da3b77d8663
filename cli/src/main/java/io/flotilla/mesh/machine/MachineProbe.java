package io.flotilla.mesh.machine;

import io.flotilla.api.networking.v1alpha3.HTTPHealthCheckConfig;
import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import io.flotilla.mesh.probe.Question;
import io.flotilla.mesh.process.Output;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the application on this machine how it is, as a WorkloadGroup's probe or MeshConfig's readinessProbe says.
 *
 * @param probe what is asked
 */
public record MachineProbe(ReadinessProbe probe) {
    private static final String HERE = "127.0.0.1";
    private static final int TIMEOUT_SECONDS = 1;
    private static final int PERIOD_SECONDS = 10;

    /** Between two questions. */
    public Duration period() {
        return Duration.ofSeconds(MachineHealth.or(probe.getPeriodSeconds(), PERIOD_SECONDS));
    }

    /** Before the first. */
    public Duration delay() {
        return Duration.ofSeconds(probe.getInitialDelaySeconds());
    }

    private Duration timeout() {
        return Duration.ofSeconds(MachineHealth.or(probe.getTimeoutSeconds(), TIMEOUT_SECONDS));
    }

    /** Asks once; what is wrong, empty where nothing is. */
    public Optional<String> ask() {
        try {
            return switch (probe.getHealthCheckMethodCase()) {
                case HTTP_GET -> http(probe.getHttpGet());
                case TCP_SOCKET ->
                    tcp(probe.getTcpSocket().getHost(), probe.getTcpSocket().getPort());
                case EXEC -> {
                    Output output = Output.of(probe.getExec().getCommandList(), Map.of(), timeout());
                    yield output.ok()
                            ? Optional.empty()
                            : Optional.of("the command ended with " + output.exit() + ": "
                                    + output.err().strip());
                }
                case GRPC ->
                    GrpcHealth.ask(
                            HERE, probe.getGrpc().getPort(), probe.getGrpc().getService(), timeout());
                case HEALTHCHECKMETHOD_NOT_SET ->
                    Optional.of("the probe has none of httpGet, tcpSocket, exec and grpc");
            };
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> http(HTTPHealthCheckConfig http) throws IOException {
        String scheme = http.getScheme().isEmpty() ? "http" : http.getScheme().toLowerCase(Locale.ROOT);
        String path = http.getPath().isEmpty() ? "/" : http.getPath();
        URI target = URI.create(scheme + "://" + host(http.getHost()) + ":" + http.getPort() + path);
        List<Map.Entry<String, String>> headers = http.getHttpHeadersList().stream()
                .map(header -> Map.entry(header.getName(), header.getValue()))
                .toList();
        int status = Question.status(target, headers, timeout());
        return Question.isGood(status) ? Optional.empty() : Optional.of(target + " answered " + status);
    }

    private Optional<String> tcp(String host, int port) throws IOException {
        Question.connect(host.isEmpty() ? HERE : host, port, timeout());
        return Optional.empty();
    }

    private static String host(String given) {
        return given.isEmpty() ? HERE : given.contains(":") ? "[" + given + "]" : given;
    }
}
