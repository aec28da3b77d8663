package io.flotilla.galley.serve;

import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.config.foreign.ClassicNames;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import io.flotilla.service.AllowedPeers;
import io.flotilla.service.ConnectionThreads;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.MeshTls;
import io.flotilla.service.ServiceIdentity;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ports that serve configuration: mutual TLS for readers by identity, plaintext on loopback. */
public final class ConfigServers implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final List<Server> servers;
    private final ConnectionThreads threads;
    private final XdsServer discovery;
    private final XdsServer classic;
    private final @Nullable CurrentIdentity identity;

    private ConfigServers(
            List<Server> servers,
            ConnectionThreads threads,
            XdsServer discovery,
            XdsServer classic,
            @Nullable CurrentIdentity identity) {
        this.threads = threads;
        this.servers = List.copyOf(servers);
        this.discovery = discovery;
        this.classic = classic;
        this.identity = identity;
    }

    /**
     * Where it serves, and to whom.
     *
     * @param bind          address of the port for others
     * @param port          with identity mutual TLS, else plaintext on loopback; 0 is off
     * @param plaintextPort on loopback; 0 is off
     * @param namespace     of the readers' service accounts
     * @param readers       service accounts that may read
     * @param citadel       HOST:PORT; absent: no identity
     */
    public record Settings(
            String bind,
            int port,
            int plaintextPort,
            String trustDomain,
            String namespace,
            List<String> readers,
            Optional<String> citadel,
            String citadelName,
            Optional<Path> tokenFile,
            Optional<Path> rootFile,
            List<String> dnsNames) {}

    /** Begins to serve, and takes no reports. */
    public static ConfigServers start(Settings settings, ServedViews views, ReaderMetrics metrics) {
        return start(settings, views, metrics, null);
    }

    /** Begins to serve, with mutual TLS where there is an identity, and takes no reports. */
    public static ConfigServers start(
            Settings settings, @Nullable CurrentIdentity identity, ServedViews views, ReaderMetrics metrics) {
        return start(settings, identity, views, metrics, null);
    }

    /** Begins to serve; with the identity that Citadel gives where the settings name it. */
    public static ConfigServers start(
            Settings settings, ServedViews views, ReaderMetrics metrics, @Nullable ReportService reports) {
        CurrentIdentity identity = settings.port() == 0
                ? null
                : settings.citadel()
                        .map(citadel -> ServiceIdentity.start(identity(settings, citadel)))
                        .orElse(null);
        return start(settings, identity, views, metrics, reports);
    }

    /** Begins to serve, with mutual TLS where there is an identity. */
    public static ConfigServers start(
            Settings settings,
            @Nullable CurrentIdentity identity,
            ServedViews views,
            ReaderMetrics metrics,
            @Nullable ReportService reports) {
        XdsServer discovery = new XdsServer(metrics.counted(views.modern()), DeliveryOrder.NONE, "galley");
        XdsServer classic = new XdsServer(metrics.counted(views.classic()), DeliveryOrder.NONE, "galley");
        ConnectionThreads threads = new ConnectionThreads();
        List<ServerServiceDefinition> services = new ArrayList<>(List.of(
                discovery.aggregated(threads::here),
                classic.resources(ClassicNames.names()),
                classic.meshConfigs(ClassicNames.names())));
        if (reports != null) {
            services.add(reports.bindService());
        }
        List<Server> servers = new ArrayList<>();
        try {
            if (settings.port() != 0 && identity != null) {
                AllowedPeers readers = readers(settings, reports == null ? List.of() : reports.reporters());
                List<ServerServiceDefinition> guarded = services.stream()
                        .map(service -> ServerInterceptors.intercept(service, readers))
                        .toList();
                servers.add(threads.serve(GrpcServers.builder(
                                settings.bind(), Math.max(0, settings.port()), MeshTls.server(identity)))
                        .addServices(guarded)
                        .build()
                        .start());
            } else if (settings.port() != 0) {
                servers.add(plaintext(settings.port(), threads, services));
            }
            if (settings.plaintextPort() != 0) {
                servers.add(plaintext(settings.plaintextPort(), threads, services));
            }
        } catch (IOException e) {
            servers.forEach(Server::shutdownNow);
            threads.close();
            throw new UncheckedIOException("cannot serve configuration: " + e.getMessage(), e);
        }
        return new ConfigServers(servers, threads, discovery, classic, identity);
    }

    /** A negative port takes a free one, for tests. */
    private static Server plaintext(int port, ConnectionThreads threads, List<ServerServiceDefinition> services)
            throws IOException {
        return threads.serve(GrpcServers.builder(LOOPBACK, Math.max(0, port), null))
                .addServices(services)
                .build()
                .start();
    }

    private static IdentitySettings identity(Settings settings, String citadel) {
        Path token = settings.tokenFile()
                .orElseThrow(() -> new IllegalStateException("flotilla.identity.token-file is not set"));
        Path root = settings.rootFile()
                .orElseThrow(() -> new IllegalStateException("flotilla.identity.root-file is not set"));
        return new IdentitySettings(citadel, settings.citadelName(), token, root, settings.dnsNames(), Duration.ZERO);
    }

    private static AllowedPeers readers(Settings settings, List<String> reporters) {
        TrustDomain domain = new TrustDomain(settings.trustDomain());
        return AllowedPeers.accounts(domain, accounts(settings, settings.readers()))
                .forService(DistributionStatusGrpc.SERVICE_NAME, domain, accounts(settings, reporters));
    }

    private static Set<ServiceAccount> accounts(Settings settings, List<String> names) {
        return names.stream()
                .map(name -> new ServiceAccount(settings.namespace(), name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The port that is served, the first of several; 0 where none is. */
    public int port() {
        return servers.isEmpty() ? 0 : servers.getFirst().getPort();
    }

    /** Somebody could connect: with TLS, once there is a certificate. */
    public boolean ready() {
        CurrentIdentity own = identity;
        return own == null || own.current().isPresent();
    }

    public List<StreamStatus> streams() {
        return Stream.concat(discovery.streams().stream(), classic.streams().stream())
                .toList();
    }

    @Override
    public void close() {
        discovery.close();
        classic.close();
        GrpcServers.close(servers, GRACE);
        threads.close();
        if (identity instanceof ServiceIdentity own) {
            own.close();
        }
    }
}
