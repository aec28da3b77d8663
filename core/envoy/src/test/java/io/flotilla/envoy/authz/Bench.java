package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.Paths;
import io.flotilla.envoy.workbench.EnvoyProcess;
import io.flotilla.envoy.workbench.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One Envoy with many sets of rules: a request says by a header which of them it is judged by. */
final class Bench implements AutoCloseable {
    private static final String CASE = "x-case";
    private static final List<String> FILTERS = List.of("first", "second", "third");

    private final Keys keys = new Keys();
    private final EnvoyProcess envoy;
    private final Map<String, Connection> open = new HashMap<>();

    private final Map<String, Keys.Pair> pairs = new HashMap<>();

    private final List<Case> cases;

    private record Connection(Socket socket, BufferedReader answers) {}

    /** A set of rules, and what is done to paths before. */
    record Case(NormalizationType paths, List<RBAC> filters) {}

    /** Starts it. */
    Bench(List<Case> cases, Optional<HttpFilter> tokens, Path folder) throws IOException {
        this.cases = cases;
        Bootstrap.Builder bootstrap =
                Bootstrap.newBuilder().setAdmin(Admin.newBuilder().setAddress(Wire.address("127.0.0.1", 0)));
        for (NormalizationType paths :
                new TreeSet<>(cases.stream().map(Case::paths).toList())) {
            Filter filter = Filter.newBuilder()
                    .setName("http")
                    .setTypedConfig(Wire.any(manager(paths, tokens)))
                    .build();
            bootstrap
                    .getStaticResourcesBuilder()
                    .addListeners(
                            listener("plain" + paths, FilterChain.newBuilder().addFilters(filter)))
                    .addListeners(listener(
                            "tls" + paths,
                            FilterChain.newBuilder().addFilters(filter).setTransportSocket(tls(keys))));
        }
        this.envoy = EnvoyProcess.start(
                Files.write(folder.resolve("bootstrap.pb"), bootstrap.build().toByteArray()), folder);
    }

    private HttpConnectionManager manager(NormalizationType paths, Optional<HttpFilter> tokens) {
        VirtualHost.Builder host = VirtualHost.newBuilder().setName("all").addDomains("*");
        for (int i = 0; i < cases.size(); i++) {
            if (cases.get(i).paths() == paths) {
                host.addRoutes(route(i, cases.get(i).filters()));
            }
        }
        HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder()
                .setStatPrefix("bench")
                .setUseRemoteAddress(Wire.no())
                .setRouteConfig(RouteConfiguration.newBuilder().setName("all").addVirtualHosts(host));
        Paths.normalize(manager, paths);
        tokens.ifPresent(manager::addHttpFilters);
        FILTERS.forEach(name -> manager.addHttpFilters(
                HttpFilter.newBuilder().setName(name).setTypedConfig(Wire.any(RBAC.getDefaultInstance()))));
        return manager.addHttpFilters(
                        HttpFilter.newBuilder().setName("router").setTypedConfig(Wire.any(Router.getDefaultInstance())))
                .build();
    }

    private static Listener listener(String name, FilterChain.Builder chain) {
        return Listener.newBuilder()
                .setName(name)
                .setAddress(Wire.address("127.0.0.1", 0))
                .addFilterChains(chain)
                .build();
    }

    private static Route route(int number, List<RBAC> filters) {
        Route.Builder route = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder()
                        .setPrefix("/")
                        .addHeaders(HeaderMatcher.newBuilder()
                                .setName(CASE)
                                .setStringMatch(Texts.exact(String.valueOf(number)))))
                .setDirectResponse(DirectResponseAction.newBuilder().setStatus(200));
        if (filters.size() > FILTERS.size()) {
            throw new IllegalArgumentException(filters.size() + " filters");
        }
        for (int i = 0; i < FILTERS.size(); i++) {
            RBACPerRoute.Builder here = RBACPerRoute.newBuilder();
            if (i < filters.size()) {
                here.setRbac(filters.get(i));
            }
            route.putTypedPerFilterConfig(FILTERS.get(i), Wire.any(here.build()));
        }
        return route.build();
    }

    /** Mutual TLS of a server. */
    static TransportSocket tls(Keys keys) {
        Keys.Pair own = keys.issue(List.of("spiffe://cluster.local/ns/foo/sa/server"), List.of());
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Wire.any(DownstreamTlsContext.newBuilder()
                        .setRequireClientCertificate(Wire.yes())
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .addTlsCertificates(TlsCertificate.newBuilder()
                                        .setCertificateChain(text(own.certificatePem()))
                                        .setPrivateKey(text(own.keyPem())))
                                .setValidationContext(CertificateValidationContext.newBuilder()
                                        .setTrustedCa(text(keys.rootPem()))))
                        .build()))
                .build();
    }

    private static DataSource text(String pem) {
        return DataSource.newBuilder().setInlineString(pem).build();
    }

    /** The status of the answer; a connection is used as long as Envoy lets it live. */
    int status(int number, Asked asked) throws IOException {
        StringBuilder request = new StringBuilder()
                .append(asked.method() + " " + asked.path() + " HTTP/1.1\r\n")
                .append("host: " + asked.host() + "\r\n" + CASE + ": " + number + "\r\ncontent-length: 0\r\n");
        asked.values().forEach(value -> request.append("x-a: ").append(value).append("\r\n"));
        if (!asked.bearer().sent().isEmpty()) {
            request.append("authorization: Bearer ")
                    .append(asked.bearer().sent())
                    .append("\r\n");
        }
        if (!asked.client().isEmpty()) {
            request.append("x-forwarded-for: ").append(asked.client()).append("\r\n");
        }
        String who = cases.get(number).paths() + (asked.identity() == null ? "" : asked.identity());
        Connection connection = open.get(who);
        if (connection == null) {
            connection = connect(asked.identity(), cases.get(number).paths());
            open.put(who, connection);
        }
        connection
                .socket()
                .getOutputStream()
                .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        return answer(who, connection);
    }

    private int answer(String who, Connection connection) throws IOException {
        String first = connection.answers().readLine();
        if (first == null) {
            throw new IOException("no answer");
        }
        int length = 0;
        boolean closes = false;
        String line = connection.answers().readLine();
        while (line != null && !line.isEmpty()) {
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
            closes |= line.equals("connection: close");
            line = connection.answers().readLine();
        }
        connection.answers().skip(length);
        if (closes) {
            connection.socket().close();
            open.remove(who);
        }
        return Integer.parseInt(first.split(" ", 3)[1]);
    }

    private Connection connect(@Nullable String identity, NormalizationType paths) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), envoy.port((identity == null ? "plain" : "tls") + paths));
        socket.setTcpNoDelay(true);
        if (identity != null) {
            socket = keys.client(
                    socket,
                    "localhost",
                    pairs.computeIfAbsent(identity, id -> keys.issue(List.of(id), List.of())),
                    List.of("http/1.1"));
        }
        socket.setSoTimeout(60_000);
        return new Connection(
                socket,
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)));
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : open.values()) {
            connection.socket().close();
        }
        envoy.close();
    }
}
