package io.flotilla.citadel.secret;

import io.flotilla.citadel.sign.Signer;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.sds.HeldCertificate;
import io.flotilla.service.caller.Verdict;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream's secrets. A certificate that the client tells it holds, and that is still what it would get, is answered
 * with nothing: its version says so. Renewals end with the credentials that opened the stream, and so does the stream
 * ({@link StreamEnd}).
 */
final class SecretSession implements DiscoverySource.Session {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** How old what a credential says, and who may read it, gets. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final SecretSource.Parts parts;
    private final Verdict.Proven proven;
    private final Consumer<View> views;
    private final Consumer<SecretSession> closed;
    private final CredentialWatch credentials;
    private List<Resource> roots;
    private String issuer = "";
    private @Nullable Resource identity;
    private @Nullable Future<?> renewal;
    private @Nullable Future<?> looking;
    private Set<String> subscribed = Set.of();
    private boolean over;

    SecretSession(
            SecretSource.Parts parts, Verdict.Proven proven, Consumer<View> views, Consumer<SecretSession> closed) {
        this.parts = parts;
        this.proven = proven;
        this.views = views;
        this.closed = closed;
        this.credentials =
                new CredentialWatch(parts.credentials(), proven.caller().account());
        this.roots = parts.roots();
    }

    @Override
    public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
        if (!typeUrl.equals(TypeUrls.SECRET)) {
            return;
        }
        if (credentials.want(names)) {
            // Not while others wait for this session: the API server may take its time.
            credentials.look();
            lookAgain();
        }
        identity(names, held);
    }

    private synchronized void identity(Collection<String> names, Map<String, String> held) {
        boolean wanted = names.contains(Secrets.IDENTITY);
        boolean askedAgain = wanted && subscribed.equals(Set.copyOf(names));
        subscribed = Set.copyOf(names);
        if (askedAgain && identity != null && !identity.hasContent()) {
            // It told the version, but asks for the content after all: its key is nowhere, so there is a new one.
            issue();
        }
        if (wanted && identity == null) {
            Optional<HeldCertificate> good = stillGood(held.getOrDefault(Secrets.IDENTITY, ""));
            if (good.isPresent()) {
                issuer = good.get().issuer();
                identity = Resource.told(Secrets.IDENTITY, held.getOrDefault(Secrets.IDENTITY, ""));
                renewAfter(Duration.between(now(), good.get().renewAt()));
            } else {
                issue();
            }
        }
        show();
    }

    @Override
    public void rejected(String typeUrl, String version, Generation generation, String message) {
        LOG.errorf("%s refuses its secrets: %s", id().uri(), message);
    }

    @Override
    public synchronized void close() {
        over = true;
        if (renewal != null) {
            renewal.cancel(false);
        }
        if (looking != null) {
            looking.cancel(false);
        }
        closed.accept(this);
    }

    private synchronized void lookAgain() {
        if (looking != null) {
            looking.cancel(false);
        }
        if (!over && !credentials.idle()) {
            looking = parts.timer()
                    .schedule(() -> Thread.ofVirtual().start(this::look), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        if (now().isAfter(proven.until())) {
            return;
        }
        if (credentials.look()) {
            show();
        }
        lookAgain();
    }

    /** New roots at once; a new certificate, where another signs now, some time within. */
    synchronized void trustChanged(Duration within) {
        if (over) {
            return;
        }
        roots = parts.roots();
        show();
        if (identity != null && !issuer.equals(parts.signer().trust().issuer())) {
            renewAfter(
                    Duration.ofMillis((long) (within.toMillis() * parts.random().nextDouble())));
        }
    }

    private Optional<HeldCertificate> stillGood(String version) {
        return parts.seal()
                .open(version)
                .filter(held -> held.stillGood(
                        id(),
                        parts.signer().trust().issuer(),
                        parts.signer().policy().epoch(proven.caller().account()),
                        now(),
                        Duration.ZERO));
    }

    private void issue() {
        KeyPair pair = parts.signer().keyPair();
        switch (parts.signer().sign(proven.caller(), pair, identity != null)) {
            case Signer.Outcome.Issued issued -> {
                issuer = parts.signer().trust().issuer();
                Instant end = issued.leaf().getNotAfter().toInstant();
                Instant renewAt = RenewalPlan.renewAt(now(), end, parts.random().nextDouble());
                HeldCertificate held = new HeldCertificate(
                        id(),
                        end,
                        renewAt,
                        parts.signer().trust().issuer(),
                        parts.signer().policy().epoch(proven.caller().account()),
                        KeyForms.fingerprint(pair.getPublic().getEncoded()));
                identity = Secrets.identity(parts.seal().seal(held), issued.chain(), pair.getPrivate());
                renewAfter(Duration.between(now(), renewAt));
            }
            case Signer.Outcome.Refused no -> retry(no.message());
            case Signer.Outcome.Unclaimed no -> retry(no.message());
            case Signer.Outcome.Limited no -> retry(no.message());
            case Signer.Outcome.Unavailable no -> retry(no.message());
        }
    }

    private void retry(String why) {
        LOG.errorf("no certificate for %s: %s", proven.caller().account(), why);
        renewAfter(RETRY);
    }

    private void renewAfter(Duration wait) {
        if (renewal != null) {
            renewal.cancel(false);
        }
        renewal = parts.timer().schedule(this::renew, Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
    }

    private synchronized void renew() {
        if (over) {
            return;
        }
        if (now().isAfter(proven.until())) {
            LOG.infof("the token of %s is over: no new certificate before it proves itself again", id().uri());
            return;
        }
        issue();
        show();
    }

    private synchronized void show() {
        if (over) {
            return;
        }
        List<Resource> secrets = new ArrayList<>(roots);
        secrets.addAll(credentials.resources());
        if (identity != null) {
            secrets.add(identity);
        }
        views.accept(new View(Generation.NONE, Map.of(TypeUrls.SECRET, ResourceSet.of(secrets))));
    }

    private SpiffeId id() {
        return new SpiffeId(
                parts.signer().policy().trustDomain(), proven.caller().account());
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
