package io.flotilla.telemetry.readiness;

import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who would break if a scope accepted mutual TLS only: clients whose plaintext the servers' proxies saw. What policies
 * refused already is left out; it breaks nothing that works. Takes one record after the other; for one thread.
 */
public final class PlaintextClients {
    /** More clients than this are counted, but not told apart. */
    private static final int MOST = 10_000;

    private final String namespace;
    private final Instant since;
    private final Map<Client, Seen> clients = new HashMap<>();
    private final Set<String> workloads = new HashSet<>();
    private long records;
    private long secured;
    private long others;
    private Instant first = Instant.MAX;

    /**
     * One of them.
     *
     * @param workload that is called, "NAMESPACE/NAME"
     * @param port     on which it is called; empty where that is not known
     * @param client   "NAMESPACE/NAME" of a workload, else its address
     * @param protocol "http", "grpc" or "tcp"
     */
    public record Client(String workload, String port, String client, String protocol) {}

    /**
     * What was seen of it.
     *
     * @param times requests, or connections
     * @param last  when it was seen last
     */
    public record Seen(Client client, long times, Instant last) {}

    /**
     * All that was found.
     *
     * @param clients   by workload, port and client
     * @param workloads that were called at all; of others nothing is known
     * @param records   that were looked at, of the servers' side
     * @param secured   those of them with mutual TLS
     * @param others    in plaintext, of clients past the most that are told apart
     * @param first     when the earliest record began; the epoch where there is none
     */
    public record Found(List<Seen> clients, int workloads, long records, long secured, long others, Instant first) {
        public Found {
            clients = List.copyOf(clients);
        }
    }

    /**
     * Of one scope.
     *
     * @param namespace of the servers; empty for all
     * @param since     earlier records are left out
     */
    public PlaintextClients(String namespace, Instant since) {
        this.namespace = namespace;
        this.since = since;
    }

    /** Takes a record. */
    public void take(RequestRecord record) {
        Instant start = Instant.ofEpochSecond(
                record.getStart().getSeconds(), record.getStart().getNanos());
        Peer server = record.getDestination();
        boolean counts = record.getReporter() == Reporter.DESTINATION
                && !record.getGateway()
                && (namespace.isEmpty() || namespace.equals(server.getNamespace()))
                && !start.isBefore(since);
        if (!counts) {
            return;
        }
        records++;
        workloads.add(name(server));
        first = start.isBefore(first) ? start : first;
        if (record.getSecurity() == SecurityPolicy.MUTUAL_TLS) {
            secured++;
        } else if (record.getSecurity() == SecurityPolicy.NONE
                && record.getDecision().getVerdict() != Decision.Verdict.DENIED) {
            plaintext(record, start);
        }
    }

    private void plaintext(RequestRecord record, Instant start) {
        Client client = new Client(
                name(record.getDestination()),
                port(record.getDestination().getAddress()),
                name(record.getSource()),
                record.getProtocol());
        if (clients.size() >= MOST && !clients.containsKey(client)) {
            others++;
            return;
        }
        // A connection is told when it begins, goes on and ends: its end counts.
        long one = record.getType() == RecordType.HTTP || record.getType() == RecordType.TCP_CLOSE ? 1 : 0;
        clients.merge(
                client,
                new Seen(client, one, start),
                (old, fresh) -> new Seen(
                        client,
                        old.times() + fresh.times(),
                        old.last().isAfter(fresh.last()) ? old.last() : fresh.last()));
    }

    /** What was found so far. */
    public Found found() {
        List<Seen> sorted = new ArrayList<>(clients.values());
        sorted.sort(Comparator.comparing((Seen seen) -> seen.client().workload())
                .thenComparing(seen -> seen.client().port())
                .thenComparing(seen -> seen.client().client())
                .thenComparing(seen -> seen.client().protocol()));
        return new Found(sorted, workloads.size(), records, secured, others, records == 0 ? Instant.EPOCH : first);
    }

    private static String name(Peer peer) {
        String address = peer.getAddress();
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        return !peer.getWorkload().isEmpty()
                ? peer.getNamespace() + "/" + peer.getWorkload()
                : host.isEmpty() ? "unknown" : host;
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }
}
