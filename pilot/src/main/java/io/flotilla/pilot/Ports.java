package io.flotilla.pilot;

import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.TrustDomain;
import io.flotilla.service.AllowedPeers;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.flotilla.service.ServiceIdentity;
import io.grpc.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ports on which Envoys are served: plaintext for this machine, mutual TLS for the mesh. */
final class Ports implements AutoCloseable {
    private static final int GRACE_SECONDS = 2;

    private final List<Server> servers = new ArrayList<>();
    private int plaintext;
    private int tls;

    void open(PilotConfig config, XdsServer xds, @Nullable ServiceIdentity identity) throws IOException {
        if (config.port() != 0) {
            plaintext = start(GrpcServers.builder(config.plaintextBind(), config.port(), null)
                    .directExecutor()
                    .addService(xds.aggregated())
                    .build());
        }
        if (config.tlsPort() != 0 && identity != null) {
            tls = start(GrpcServers.builder(config.bind(), config.tlsPort(), MeshTls.server(identity))
                    // A stream's events only wait in the stream's own queue: no pool in between.
                    .directExecutor()
                    .intercept(AllowedPeers.anyone(new TrustDomain(config.trustDomain())))
                    .addService(xds.aggregated())
                    .build());
        }
    }

    private int start(Server server) throws IOException {
        servers.add(server.start());
        return server.getPort();
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
        servers.forEach(Server::shutdown);
        for (Server server : servers) {
            try {
                if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    server.shutdownNow();
                }
            } catch (InterruptedException e) {
                server.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }
}
