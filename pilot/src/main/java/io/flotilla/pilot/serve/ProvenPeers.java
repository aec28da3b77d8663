package io.flotilla.pilot.serve;

import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Peer;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Verdict;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings who is on a stream to what serves it: the identity of its certificate, or, where it shows none, that of its
 * token. A token that proves nothing ends the stream, on the plaintext port too, and so does the end of one that did;
 * without either, only the plaintext port serves.
 */
public final class ProvenPeers implements DiscoverySource {
    private static final System.Logger LOG = System.getLogger(ProvenPeers.class.getName());

    private final DiscoverySource next;
    private final Optional<CallerCheck> tokens;
    private final TrustDomain domain;

    /**
     * Stands before another source.
     *
     * @param tokens what is believed of them; empty where nobody is known by a token
     * @param domain whose identities tokens prove
     */
    public ProvenPeers(DiscoverySource next, Optional<CallerCheck> tokens, TrustDomain domain) {
        this.next = next;
        this.tokens = tokens;
        this.domain = domain;
    }

    @Override
    public Session open(StreamInfo stream, Consumer<View> views) throws DiscoveryRefused {
        Peer peer = stream.peer();
        if (!peer.uris().isEmpty()) {
            return next.open(stream, views);
        }
        Credentials credentials = new Credentials(peer.authorization(), Optional.empty());
        if (tokens.isPresent() && credentials.bearer().isPresent()) {
            Verdict.Proven proven = proven(peer, tokens.get().check(credentials));
            String uri = new SpiffeId(domain, proven.caller().account()).uri();
            Peer known = new Peer(peer.secured(), List.of(uri), peer.authorization(), peer.remote());
            StreamInfo owned = new StreamInfo(stream.id(), stream.node(), known, stream.delta());
            // What is believed by a leeway of clocks is believed for as long.
            return new TimedSession(next.open(owned, views), proven.until().plus(TokenPolicy.LEEWAY));
        }
        if (peer.secured()) {
            throw refused(
                    peer,
                    Status.UNAUTHENTICATED,
                    tokens.isPresent()
                            ? "credentials are needed: a client certificate of this mesh, or a bearer token"
                            : "credentials are needed: a client certificate of this mesh");
        }
        return next.open(stream, views);
    }

    private static Verdict.Proven proven(Peer peer, Verdict verdict) throws DiscoveryRefused {
        return switch (verdict) {
            case Verdict.Proven proven -> proven;
            case Verdict.Unproven unproven -> throw refused(peer, Status.UNAUTHENTICATED, unproven.message());
            case Verdict.Unavailable away -> throw refused(peer, Status.UNAVAILABLE, away.message());
        };
    }

    private static DiscoveryRefused refused(Peer peer, Status status, String message) {
        LOG.log(Level.WARNING, "refused " + peer.remote() + ": " + message);
        return new DiscoveryRefused(status.withDescription(message));
    }
}
