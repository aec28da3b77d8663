package io.flotilla.service;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context for as long as the process runs: a new one is built inside whenever the identity has changed, so that
 * listeners need no restart. Sessions and tickets belong to one inner context; hence none is resumed across a change
 * and a new connection always shows the new certificate. A server that has none yet refuses handshakes, and says so once.
 */
final class RenewingSslContext extends SslContext {
    private static final System.Logger LOG = System.getLogger(RenewingSslContext.class.getName());

    private final CurrentIdentity identity;
    private final SslContext shape;
    private final Function<IdentityMaterial, SslContext> factory;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean said = new AtomicBoolean();
    private @Nullable Built built;

    /**
     * A context that follows an identity.
     *
     * @param shape   answers what does not depend on a certificate, before there is one; of a server it has none itself
     * @param factory builds the context of one certificate
     */
    RenewingSslContext(CurrentIdentity identity, SslContext shape, Function<IdentityMaterial, SslContext> factory) {
        this.identity = identity;
        this.shape = shape;
        this.factory = factory;
    }

    private record Built(IdentityMaterial material, SslContext context) {}

    private SslContext now() {
        IdentityMaterial material = identity.required();
        lock.lock();
        try {
            Built last = built;
            if (last == null || !last.material().equals(material)) {
                last = new Built(material, factory.apply(material));
                built = last;
            }
            return last.context();
        } finally {
            lock.unlock();
        }
    }

    // What is thrown here is told by Netty with all of its frames, for each of a mesh's proxies and each of their
    // tries.
    private SslContext forConnection() {
        if (shape.isClient() || identity.current().isPresent()) {
            return now();
        }
        if (said.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "connections are refused as long as this process has no certificate; clients try again");
        }
        return shape;
    }

    @Override
    public boolean isClient() {
        return shape.isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return shape.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // the base class asks for it; gRPC reads the protocols through it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return shape.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc) {
        return forConnection().newEngine(alloc);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc, String peerHost, int peerPort) {
        return forConnection().newEngine(alloc, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return now().sessionContext();
    }
}
