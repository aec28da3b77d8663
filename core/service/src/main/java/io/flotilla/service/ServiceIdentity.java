package io.flotilla.service;

import io.flotilla.service.CertificateClient.NoCertificate;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service's own identity: fetched from Citadel at start (waiting for it as long as it takes), renewed at half of its
 * life with some spread, its roots read again when the file changes. The key is new each time and only in memory.
 * While Citadel is away the last certificate stays in use.
 */
public final class ServiceIdentity implements CurrentIdentity, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceIdentity.class.getName());
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private static final Duration ROOT_POLL = Duration.ofSeconds(2);
    private static final double RENEW_AT = 0.45;
    private static final double RENEW_SPREAD = 0.1;

    private final CertificateClient client;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final List<Consumer<IdentityMaterial>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable IdentityMaterial material;
    private volatile String problem = "has not asked Citadel yet";
    private volatile String rootProblem = "";

    private ServiceIdentity(IdentitySettings settings, Clock clock) {
        this.client = new CertificateClient(settings, random);
        this.clock = clock;
    }

    /** Begins to ask, on a thread of its own; returns at once. */
    public static ServiceIdentity start(IdentitySettings settings) {
        ServiceIdentity identity = new ServiceIdentity(settings, Clock.systemUTC());
        Thread.ofVirtual().name("identity").start(identity::run);
        return identity;
    }

    @Override
    public Optional<IdentityMaterial> current() {
        return Optional.ofNullable(material);
    }

    /** Waits for the first certificate; empty where the time is up or the waiter is interrupted. */
    public Optional<IdentityMaterial> await(Duration atMost) {
        try {
            first.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return current();
    }

    /** Why the last attempt, or the last look at the roots, failed; empty where neither did. */
    public String problem() {
        return problem.isEmpty() ? rootProblem : problem;
    }

    /** Called with each new certificate or set of roots, on the identity's thread, from now on. */
    public void onChange(Consumer<IdentityMaterial> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        int failures = 0;
        Instant next = clock.instant();
        while (true) {
            Instant now = clock.instant();
            if (!now.isBefore(next) || rootsChanged()) {
                boolean renewed = renew();
                failures = renewed ? 0 : failures + 1;
                next = now.plus(renewed ? untilRenewal(now) : BACKOFF.after(failures, random));
            }
            if (isClosedWithin(Duration.between(clock.instant(), next))) {
                return;
            }
        }
    }

    private boolean isClosedWithin(Duration wait) {
        long millis = Math.clamp(wait.toMillis() + 1, 1, ROOT_POLL.toMillis());
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Duration untilRenewal(Instant now) {
        Instant end = required().notAfter();
        double share = RENEW_AT + RENEW_SPREAD * random.nextDouble();
        return Duration.ofMillis((long) (Duration.between(now, end).toMillis() * share));
    }

    private boolean renew() {
        try {
            IdentityMaterial fetched = client.fetch();
            // Before anyone is told: who waits for the certificate then asks whether something is wrong.
            problem = "";
            change(fetched);
            LOG.log(System.Logger.Level.INFO, "certificate of {0}", material);
            return true;
        } catch (NoCertificate | RuntimeException e) {
            if (!problem.equals(String.valueOf(e.getMessage()))) {
                LOG.log(System.Logger.Level.WARNING, "no certificate: {0}", e.getMessage());
            }
            problem = String.valueOf(e.getMessage());
            return false;
        }
    }

    /** New roots are believed at once, and a certificate asked for that they vouch for. */
    private boolean rootsChanged() {
        IdentityMaterial now = material;
        if (now == null) {
            return false;
        }
        try {
            List<X509Certificate> roots = client.roots();
            rootProblem = "";
            if (roots.equals(now.roots())) {
                return false;
            }
            LOG.log(System.Logger.Level.INFO, "{0} root certificates", roots.size());
            change(now.believing(roots));
            return true;
        } catch (NoCertificate e) {
            // A file that is away for a moment, or half written: what we believe stays until it is whole again.
            rootProblem = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void change(IdentityMaterial changed) {
        material = changed;
        first.countDown();
        for (Consumer<IdentityMaterial> listener : listeners) {
            try {
                listener.accept(changed);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a listener of the identity failed", e);
            }
        }
    }
}
