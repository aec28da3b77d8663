package io.flotilla.envoy.workbench;

import io.flotilla.envoy.simulation.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** Connections to an Envoy, as the kernel, the network or a balancer would bring them, and lines over them. */
record Callers(EnvoyProcess envoy, Keys keys) {
    // Tells connections apart, since TCP has no headers.
    private static final AtomicInteger SOURCES = new AtomicInteger(10_000);

    /** A source port that no connection had before. */
    int source() {
        return SOURCES.incrementAndGet();
    }

    /** A connection that was redirected to a listener. */
    Socket captured(Call.To to, String listener) throws IOException {
        return captured(to, listener, source());
    }

    /** The same, from this source port. */
    Socket captured(Call.To to, String listener, int source) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), envoy.port(listener));
        socket.setTcpNoDelay(true);
        String family = to.address().contains(":") ? "TCP6" : "TCP4";
        socket.getOutputStream()
                .write(HttpWire.ascii(
                        "PROXY %s %s %s %d %d\r\n".formatted(family, to.source(), to.address(), source, to.port())));
        return socket;
    }

    /** A connection to a port of an edge. */
    Socket edge(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), envoy.port("0.0.0.0_" + port));
    }

    /** The same, through a balancer that announces the client by PROXY protocol. */
    Socket announced(Call call) throws IOException {
        Socket socket = edge(call.port());
        socket.getOutputStream()
                .write(HttpWire.ascii(
                        "PROXY TCP4 %s 192.0.2.1 %d %d\r\n".formatted(call.to().source(), source(), call.port())));
        return socket;
    }

    /** Says a line, in TLS where there is a server name; what comes back, empty where the connection ends. */
    String line(Socket socket, String sni, String line) throws IOException {
        try (Socket open = sni.isEmpty() ? socket : keys.client(socket, sni)) {
            open.setSoTimeout(60_000);
            if (!line.isEmpty()) {
                open.getOutputStream().write(HttpWire.ascii(line + "\n"));
            }
            String heard = HttpWire.line(open.getInputStream());
            return heard == null ? "" : heard;
        } catch (SSLException | SocketException e) {
            // The other side closes without a word.
            return "";
        } finally {
            socket.close();
        }
    }

    /** How an edge takes a client without a certificate: "answered" or "refused". */
    String anonymous(int port, String sni) throws IOException {
        try (Socket tls = Keys.client(edge(port), sni, keys.anonymous(), List.of())) {
            tls.setSoTimeout(60_000);
            HttpWire.write(tls.getOutputStream(), "GET / HTTP/1.1", sni, Map.of("connection", "close"));
            return HttpWire.read(tls.getInputStream(), false) == null ? "refused" : "answered";
        } catch (SSLException | SocketException e) {
            return "refused";
        }
    }
}
