package io.flotilla.mesh.pod;

import io.flotilla.mesh.probe.Question;
import io.flotilla.mesh.process.Output;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Asks a container how it is, as the kubelet does: from outside of the pod, at the pod's address. */
final class ProbeRun {
    private ProbeRun() {}

    /**
     * Why a container is not healthy; empty if it is.
     *
     * @param exec puts a command into the container's place
     */
    static String failure(PodProbe probe, String address, UnaryOperator<List<String>> exec) {
        return switch (probe.check()) {
            case PodProbe.Check.Http http -> http(http, address, probe.timeout());
            case PodProbe.Check.Tcp tcp -> tcp(tcp.port(), address, probe.timeout());
            case PodProbe.Check.Exec command ->
                Output.of(exec.apply(command.command()), Map.of(), probe.timeout())
                                .ok()
                        ? ""
                        : "\"" + String.join(" ", command.command()) + "\" fails";
        };
    }

    private static String http(PodProbe.Check.Http check, String address, Duration timeout) {
        // What the manifest says about a header holds.
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "kube-probe/flotilla");
        headers.putAll(check.headers());
        try {
            URI target = URI.create("http://" + address + ":" + check.port() + check.path());
            int status = Question.status(target, List.copyOf(headers.entrySet()), timeout);
            return Question.isGood(status) ? "" : "port " + check.port() + check.path() + " answers " + status;
        } catch (IOException | IllegalArgumentException e) {
            return "port " + check.port() + check.path() + ": " + e.getMessage();
        }
    }

    private static String tcp(int port, String address, Duration timeout) {
        try {
            Question.connect(address, port, timeout);
            return "";
        } catch (IOException e) {
            return "port " + port + ": " + e.getMessage();
        }
    }
}
