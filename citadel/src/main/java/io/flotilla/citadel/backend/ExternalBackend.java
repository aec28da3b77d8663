package io.flotilla.citadel.backend;

import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.authority.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Somebody else signs, at the other end of a Kubernetes object: a request is made, looked at until it is answered, and
 * removed. Whom to believe is in a file, since neither object reliably says so.
 */
public final class ExternalBackend implements Backend {
    private static final int AT_ONCE = 64;
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    private final Desk desk;
    private final Path rootFile;
    private final Clock clock;
    private final Duration patience;
    private final Semaphore free = new Semaphore(AT_ONCE);

    /** Where requests are laid down. */
    public interface Desk {
        /** Lays a request down; its name, or why not. */
        String submit(String csrPem, Duration life) throws IOException;

        /** The chain in PEM, as soon as it is there. */
        State look(String name) throws IOException;

        void remove(String name) throws IOException;

        String describe();
    }

    /** How a request stands. */
    public sealed interface State {
        record Waiting() implements State {}

        record Denied(String message) implements State {}

        record Signed(String chainPem) implements State {}
    }

    /**
     * By this desk.
     *
     * @param patience how long a request may take
     */
    public ExternalBackend(Desk desk, Path rootFile, Clock clock, Duration patience) {
        this.desk = desk;
        this.rootFile = rootFile;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public Trust trust() {
        try {
            List<X509Certificate> roots = Certificates.parse(Files.readString(rootFile))
                    .orElseThrow(() -> new IOException(rootFile + " holds no certificate"));
            Instant end = roots.stream()
                    .map(root -> root.getNotAfter().toInstant())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            return new Trust(roots, end, Certificates.fingerprint(roots.getFirst()), "");
        } catch (IOException e) {
            throw new IllegalStateException("whom to believe: " + e.getMessage(), e);
        }
    }

    @Override
    public Answer sign(Order order) {
        return switch (order.csr().get()) {
            case Csr.Unfit unfit -> new Answer.Denied(unfit.message());
            case Csr.Good good -> {
                if (!free.tryAcquire()) {
                    yield new Answer.Unavailable(describe() + " is busy with " + AT_ONCE + " requests; try again");
                }
                try {
                    yield ask(good.pem(), order);
                } catch (IOException e) {
                    yield new Answer.Unavailable(describe() + ": " + e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield new Answer.Unavailable(describe() + ": interrupted");
                } finally {
                    free.release();
                }
            }
        };
    }

    /** A signer counts from when it signs, which may be as late as it is waited for; a tenth is the most that this costs. */
    static Duration life(Duration decided, Duration patience) {
        Duration tenth = decided.dividedBy(10);
        return decided.minus(patience.compareTo(tenth) < 0 ? patience : tenth);
    }

    private Answer ask(String pem, Order order) throws IOException, InterruptedException {
        String name = desk.submit(
                pem,
                life(
                        Duration.between(
                                clock.instant(), order.template().validity().notAfter()),
                        patience));
        try {
            long end = System.nanoTime() + patience.toNanos();
            Duration wait = FIRST_LOOK;
            while (true) {
                switch (desk.look(name)) {
                    case State.Signed signed -> {
                        return read(signed.chainPem());
                    }
                    case State.Denied denied -> {
                        return new Answer.Denied(describe() + " denies it: " + denied.message());
                    }
                    case State.Waiting waiting -> {
                        if (System.nanoTime() + wait.toNanos() > end) {
                            return new Answer.Unavailable(describe() + " did not sign within " + patience);
                        }
                        Thread.sleep(wait);
                        wait = wait.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : wait.multipliedBy(2);
                    }
                }
            }
        } finally {
            desk.remove(name);
        }
    }

    /** The chain may hold the root or not; the leaf is first. */
    private Answer read(String chainPem) {
        Optional<List<X509Certificate>> chain = Certificates.parse(chainPem);
        if (chain.isEmpty()) {
            return new Answer.Unavailable(describe() + " answered with no certificate");
        }
        X509Certificate leaf = chain.get().getFirst();
        return SigningSlot.path(leaf, chain.get(), trust().roots())
                .<Answer>map(path -> new Answer.Signed(leaf, path.getFirst(), withoutRoots(path)))
                .orElseGet(() -> new Answer.Denied(describe() + " answered with a certificate that leads to none of the"
                        + " roots of " + rootFile));
    }

    private List<X509Certificate> withoutRoots(List<X509Certificate> path) {
        return path.stream().filter(each -> !trust().roots().contains(each)).toList();
    }

    @Override
    public String describe() {
        return desk.describe();
    }
}
