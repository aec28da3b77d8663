package io.flotilla.mesh.pod;

import io.flotilla.mesh.process.Output;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Asks a container how it is, as the kubelet does: from outside of the pod, at the pod's address. */
final class ProbeRun {
    private ProbeRun() {}

    /**
     * True if healthy.
     *
     * @param exec puts a command into the container's place
     */
    static boolean ask(PodProbe probe, String address, UnaryOperator<List<String>> exec) {
        return switch (probe.check()) {
            case PodProbe.Check.Http http -> http(http, address, probe.timeout());
            case PodProbe.Check.Tcp tcp -> tcp(tcp.port(), address, probe.timeout());
            case PodProbe.Check.Exec command ->
                Output.of(exec.apply(command.command()), Map.of(), probe.timeout())
                        .ok();
        };
    }

    private static boolean http(PodProbe.Check.Http check, String address, Duration timeout) {
        try {
            URI target = URI.create("http://" + address + ":" + check.port() + check.path());
            HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("User-Agent", "kube-probe/flotilla");
            connection.setRequestProperty("Connection", "close");
            check.headers().forEach(connection::setRequestProperty);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status >= 200 && status < 400;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean tcp(int port, String address, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) timeout.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
