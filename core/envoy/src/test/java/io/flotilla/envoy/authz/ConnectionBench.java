package io.flotilla.envoy.authz;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.workbench.EnvoyProcess;
import io.flotilla.envoy.workbench.Keys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * One Envoy with many sets of rules for connections: the client's port, as PROXY protocol tells it, says by which of them
 * a connection is judged. One that is let in hears its own words.
 */
final class ConnectionBench implements AutoCloseable {
    private static final int FIRST_PORT = 10_000;
    // Long enough to be told from the first bytes of TLS.
    private static final byte[] WORD = "hello, hello\n".getBytes(StandardCharsets.US_ASCII);

    private final Keys keys = new Keys();
    private final Map<String, SSLContext> contexts = new HashMap<>();
    private final EnvoyProcess envoy;

    ConnectionBench(List<List<Filter>> cases, Path folder) throws IOException {
        Listener.Builder listener = Listener.newBuilder()
                .setName("all")
                .setAddress(Wire.address("127.0.0.1", 0))
                .addListenerFilters(
                        inspector("envoy.filters.listener.proxy_protocol", ProxyProtocol.getDefaultInstance()))
                .addListenerFilters(
                        inspector("envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance()));
        Filter echo = Filter.newBuilder()
                .setName("echo")
                .setTypedConfig(Wire.any(Echo.getDefaultInstance()))
                .build();
        for (int i = 0; i < cases.size(); i++) {
            FilterChain.Builder chain =
                    FilterChain.newBuilder().addAllFilters(cases.get(i)).addFilters(echo);
            listener.addFilterChains(chain.clone().setName("plain" + i).setFilterChainMatch(match(i, "raw_buffer")))
                    .addFilterChains(chain.clone()
                            .setName("tls" + i)
                            .setFilterChainMatch(match(i, "tls"))
                            .setTransportSocket(Bench.tls(keys)));
        }
        Bootstrap.Builder bootstrap =
                Bootstrap.newBuilder().setAdmin(Admin.newBuilder().setAddress(Wire.address("127.0.0.1", 0)));
        bootstrap.getStaticResourcesBuilder().addListeners(listener);
        this.envoy = EnvoyProcess.start(
                Files.write(folder.resolve("bootstrap.pb"), bootstrap.build().toByteArray()), folder);
    }

    private static FilterChainMatch match(int number, String transport) {
        return FilterChainMatch.newBuilder()
                .addSourcePorts(FIRST_PORT + number)
                .setTransportProtocol(transport)
                .build();
    }

    private static ListenerFilter inspector(String name, Message config) {
        return ListenerFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }

    /** Whether it is let in. */
    boolean permits(int number, Connected connected) throws IOException {
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            plain.bind(new InetSocketAddress(InetAddress.ofLiteral(connected.source()), 0));
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), envoy.port("all")));
            plain.setSoTimeout(60_000);
            plain.getOutputStream()
                    .write("PROXY %s %s %s %d %d\r\n"
                            .formatted(
                                    connected.client().contains(":") ? "TCP6" : "TCP4",
                                    connected.client(),
                                    connected.target(),
                                    FIRST_PORT + number,
                                    connected.port())
                            .getBytes(StandardCharsets.US_ASCII));
            if (connected.identity() == null) {
                return echoes(plain);
            }
            SSLContext context = contexts.computeIfAbsent(
                    connected.identity(), id -> keys.context(keys.issue(List.of(id), List.of())));
            try (Socket tls = Keys.client(plain, connected.sni(), context, List.of())) {
                return echoes(tls);
            }
        }
    }

    private static boolean echoes(Socket socket) throws IOException {
        socket.getOutputStream().write(WORD);
        try {
            return socket.getInputStream().read() == WORD[0];
        } catch (SocketException | SSLException closed) {
            return false;
        }
    }

    @Override
    public void close() {
        envoy.close();
    }
}
