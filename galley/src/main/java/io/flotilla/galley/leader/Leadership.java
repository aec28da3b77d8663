package io.flotilla.galley.leader;

import io.flotilla.galley.kubernetes.ClusterClient;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes part in the election for as long as the process lives, on a virtual thread. */
public final class Leadership implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Leadership.class.getName());
    private static final int NOT_FOUND = 404;

    private final ClusterClient client;
    private final Election election;
    private final String namespace;
    private final String name;
    private final Runnable elected;
    private volatile @Nullable Term term;
    private volatile boolean closed;
    private Election.@Nullable Seen seen;
    private @Nullable Thread thread;

    /** A time in which this process leads. */
    private record Term(long epoch, Instant until) {}

    /**
     * @param me      a name that no other process ever has
     * @param life    how long a lease holds; it is renewed five times in that time
     * @param elected told when this process becomes the leader
     */
    public Leadership(ClusterClient client, String namespace, String name, String me, Duration life, Runnable elected) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.election = new Election(me, life);
        this.elected = elected;
    }

    public void start() {
        thread = Thread.ofVirtual().name("leader election").start(this::run);
    }

    /** The epoch in which this process leads now; empty where it does not, or is not sure. */
    public OptionalLong epoch() {
        Term now = term;
        return now != null && Instant.now().isBefore(now.until()) ? OptionalLong.of(now.epoch()) : OptionalLong.empty();
    }

    private void run() {
        try {
            while (!closed) {
                turn();
                Thread.sleep(election.life().dividedBy(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String path() {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    }

    private void turn() {
        ClusterClient.Answer answer = client.get(path() + "/" + name);
        if (!answer.ok() && answer.status() != NOT_FOUND) {
            // Whether it leads still, its term says.
            LOG.log(System.Logger.Level.DEBUG, "lease {0}: {1} {2}", name, answer.status(), answer.error());
            return;
        }
        Instant now = Instant.now();
        seen = answer.ok() ? Election.seen(seen, LeaseRecord.of(answer.body()), now) : null;
        switch (election.next(seen, now)) {
            case Election.Step.Follow() -> lost();
            case Election.Step.Write(LeaseRecord lease) -> write(lease, now);
        }
    }

    private void write(LeaseRecord lease, Instant asked) {
        boolean first = lease.version().isEmpty();
        ClusterClient.Answer answer = client.send(
                first ? "POST" : "PUT",
                first ? path() : path() + "/" + name,
                "application/json",
                LeaseRecord.json(name, namespace, lease, asked));
        if (answer.ok()) {
            boolean news = epoch().isEmpty();
            term = new Term(lease.epoch(), election.until(asked));
            seen = Election.seen(seen, LeaseRecord.of(answer.body()), asked);
            if (news) {
                LOG.log(System.Logger.Level.INFO, "leads, epoch {0}", lease.epoch());
                elected.run();
            }
        } else if (answer.status() != 0) {
            // Somebody else was quicker, or there is no right to it.
            LOG.log(System.Logger.Level.DEBUG, "lease {0}: {1} {2}", name, answer.status(), answer.error());
        }
    }

    private void lost() {
        if (term != null) {
            LOG.log(System.Logger.Level.INFO, "leads no more");
        }
        term = null;
    }

    /** Gives the lease back, so that another need not wait for its end. */
    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        Election.Seen last = seen;
        if (epoch().isPresent() && last != null) {
            LeaseRecord nobody = new LeaseRecord(
                    "",
                    last.lease().epoch(),
                    last.lease().seconds(),
                    "",
                    last.lease().version());
            client.send(
                    "PUT",
                    path() + "/" + name,
                    "application/json",
                    LeaseRecord.json(name, namespace, nobody, Instant.now()));
        }
        term = null;
    }
}
