package io.flotilla.pilot;

import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.TrustDomain;
import io.flotilla.pilot.serve.OpenConnections;
import io.flotilla.service.AllowedPeers;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.flotilla.service.RevokedPeers;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ports on which Envoys are served: plaintext for this machine, TLS for the mesh. */
final class Ports implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final List<Server> servers = new ArrayList<>();
    private final OpenConnections connections = new OpenConnections(new SecureRandom());
    private int plaintext;
    private int tls;

    void open(PilotConfig config, XdsServer xds, @Nullable CurrentIdentity identity, RevokedPeers revoked)
            throws IOException {
        if (config.port() != 0) {
            plaintext = start(aging(
                            GrpcServers.builder(config.plaintextBind(), Math.max(0, config.port()), null),
                            config.connectionAge())
                    .addService(xds.aggregated(connections::here))
                    .build());
        }
        if (config.tlsPort() != 0 && identity != null) {
            boolean tokens = TokenIssuers.any(config);
            AllowedPeers anyone = AllowedPeers.anyone(new TrustDomain(config.trustDomain()));
            tls = start(aging(
                            GrpcServers.builder(
                                    config.bind(),
                                    Math.max(0, config.tlsPort()),
                                    MeshTls.server(identity, tokens ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE)),
                            config.connectionAge())
                    // The last to be added is the first to look.
                    .intercept(revoked)
                    .intercept(tokens ? anyone.alsoWithoutCertificate() : anyone)
                    .addService(xds.aggregated(connections::here))
                    .build());
        }
    }

    /** A connection is asked to end at this age, with a tenth of jitter: proxies spread over replicas again. */
    private NettyServerBuilder aging(NettyServerBuilder builder, Duration age) {
        return connections.watch(builder).maxConnectionAge(age.toMillis(), TimeUnit.MILLISECONDS);
    }

    private int start(Server server) throws IOException {
        servers.add(server.start());
        return server.getPort();
    }

    /** Of both ports. */
    OpenConnections connections() {
        return connections;
    }

    /** 0 where it is off. */
    int plaintext() {
        return plaintext;
    }

    /** 0 where it is off. */
    int tls() {
        return tls;
    }

    @Override
    public void close() {
        GrpcServers.close(servers, GRACE);
        connections.close();
    }
}
