package io.flotilla.galley.mcp;

import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connection to another server. With TLS it shows a certificate where there is one: that of the files, else this
 * service's own. Files that were replaced count from the next connection on. Not for several threads at once.
 */
final class McpChannel implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(McpChannel.class);

    /** A response holds everything of its type. */
    private static final int MAX_RESPONSE_BYTES = 256 << 20;

    private static final int KEEPALIVE_SECONDS = 30;

    private final McpAddress address;
    private final Tls tls;
    private volatile @Nullable ManagedChannel channel;
    private List<String> read = List.of();

    McpChannel(McpAddress address, Tls tls) {
        this.address = address;
        this.tls = tls;
    }

    /**
     * How the server is believed, and what it is shown.
     *
     * @param serverName  a DNS name of its certificate; absent: the host of its address
     * @param root        PEM file that its certificate must be vouched for by; absent: this service's roots, else those
     *                    of the machine
     * @param certificate PEM file of the chain that is shown
     * @param key         PEM file of its key, PKCS#8
     * @param own         shown where no files are given
     */
    record Tls(
            Optional<String> serverName,
            Optional<Path> root,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<CurrentIdentity> own) {
        static final Tls PLAIN =
                new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        Tls {
            if (certificate.isPresent() != key.isPresent()) {
                throw new IllegalStateException(
                        "flotilla.mcp.cert-file and flotilla.mcp.key-file go together; one is not set");
            }
        }
    }

    /**
     * The connection to use for the next stream.
     *
     * @throws IllegalStateException where a file cannot be used now, or this service has no certificate yet
     */
    ManagedChannel next() {
        if (tls.own().filter(own -> own.current().isEmpty()).isPresent()) {
            throw new IllegalStateException("this Galley has no certificate yet to show to it");
        }
        List<String> now = address.tls() ? files() : List.of();
        ManagedChannel last = channel;
        if (last != null && now.equals(read)) {
            return last;
        }
        ManagedChannel fresh = build(now);
        if (last != null) {
            LOG.infof("the certificate or root for %s was replaced", address.server());
            last.shutdown();
        }
        channel = fresh;
        read = now;
        return fresh;
    }

    private ManagedChannel build(List<String> files) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        address.server().host(), address.server().port())
                .maxInboundMessageSize(MAX_RESPONSE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS);
        if (!address.tls()) {
            return builder.usePlaintext().build();
        }
        tls.serverName().ifPresent(builder::overrideAuthority);
        return builder.sslContext(context(files)).build();
    }

    private SslContext context(List<String> files) {
        Optional<CurrentIdentity> own = tls.own();
        if (tls.certificate().isEmpty() && own.isPresent()) {
            CurrentIdentity identity = own.get();
            return MeshTls.client(
                    tls.root().isEmpty()
                            ? identity
                            : () -> identity.current().map(material -> believing(material, files.getFirst())));
        }
        try {
            SslContextBuilder builder = GrpcSslContexts.forClient();
            if (tls.root().isPresent()) {
                builder.trustManager(stream(files.getFirst()));
            }
            if (tls.certificate().isPresent()) {
                builder.keyManager(stream(files.get(files.size() - 2)), stream(files.getLast()));
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the certificate, key or root for " + address.server()
                            + " cannot be used: " + e.getMessage()
                            + "; flotilla.mcp.root-file, .cert-file and .key-file are"
                            + " PEM, the key PKCS#8",
                    e);
        }
    }

    private IdentityMaterial believing(IdentityMaterial material, String rootPem) {
        return material.believing(Certificates.parse(rootPem)
                .filter(roots -> !roots.isEmpty())
                .orElseThrow(() -> new IllegalStateException("flotilla.mcp.root-file "
                        + tls.root().map(Path::toString).orElse("") + " holds no certificate in PEM")));
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the files hold: root, chain, key; those that are set. */
    private List<String> files() {
        List<String> texts = new ArrayList<>();
        for (Optional<Path> file : List.of(tls.root(), tls.certificate(), tls.key())) {
            if (file.isPresent()) {
                try {
                    texts.add(Files.readString(file.get()));
                } catch (IOException e) {
                    throw new IllegalStateException("cannot read " + file.get() + ": " + e.getMessage(), e);
                }
            }
        }
        return texts;
    }

    @Override
    public void close() {
        ManagedChannel last = channel;
        if (last != null) {
            last.shutdownNow();
        }
    }
}
