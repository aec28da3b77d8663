package io.flotilla.citadel.secret;

import io.flotilla.citadel.sign.Signer;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.identity.federation.PeerTrust;
import io.flotilla.identity.sds.VersionSeal;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Verdict;
import io.grpc.Status;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Gives each stream the secrets of the identity that its token proves, and new ones before they end. */
public final class SecretSource implements DiscoverySource {
    private final CallerCheck callers;
    private final Parts parts;
    private final Set<SecretSession> sessions = ConcurrentHashMap.newKeySet();

    /**
     * What sessions work with.
     *
     * @param lists of revoked certificates, in PEM; empty for none
     * @param peers whom members believe beside the mesh's own roots
     * @param credentials of users' own
     */
    public record Parts(
            Signer signer,
            VersionSeal seal,
            Supplier<String> lists,
            Supplier<PeerTrust> peers,
            WorkloadCredentials credentials,
            Sources sources) {
        Clock clock() {
            return sources.clock();
        }

        /** Whom to believe, in each way that a proxy may ask for. */
        List<Resource> roots() {
            PeerTrust trusted = peers.get();
            List<X509Certificate> all = Stream.concat(signer.trust().roots().stream(), trusted.own().stream())
                    .distinct()
                    .toList();
            return List.of(Secrets.root(all, lists.get()), Secrets.federated(all, lists.get(), trusted));
        }

        SecureRandom random() {
            return sources.random();
        }

        ScheduledExecutorService timer() {
            return sources.timer();
        }
    }

    /** Time, chance, and what waits. */
    public record Sources(Clock clock, SecureRandom random, ScheduledExecutorService timer) {}

    public SecretSource(CallerCheck callers, Parts parts) {
        this.callers = callers;
        this.parts = parts;
    }

    @Override
    public Session open(StreamInfo stream, Consumer<View> views) throws DiscoveryRefused {
        return switch (callers.check(new Credentials(stream.authorization(), Optional.empty()))) {
            case Verdict.Unproven unproven ->
                throw new DiscoveryRefused(Status.UNAUTHENTICATED.withDescription(unproven.message()));
            case Verdict.Unavailable away ->
                throw new DiscoveryRefused(Status.UNAVAILABLE.withDescription(away.message()));
            case Verdict.Proven proven -> {
                if (!proven.claim().getAsBoolean()) {
                    throw new DiscoveryRefused(Status.UNAUTHENTICATED.withDescription(
                            "the credential of " + proven.caller().by() + " was used before"));
                }
                SecretSession session = new SecretSession(parts, proven, views, sessions::remove);
                sessions.add(session);
                yield session;
            }
        };
    }

    /**
     * Whom to believe, who signs, or what is revoked has changed: every stream gets the roots at once, and a new certificate within
     * this time, by chance, so that not all come together.
     */
    public void trustChanged(Duration within) {
        sessions.forEach(session -> session.trustChanged(within));
    }

    /** Streams that are served. */
    public int streams() {
        return sessions.size();
    }
}
