package io.flotilla.pilot.report;

import com.google.protobuf.Timestamp;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.Lag;
import io.flotilla.api.status.v1.Refusal;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far each proxy is. A proxy that refuses something of which the objects are known stands for all others where it
 * would stand without; one that refuses something else is behind until it takes what follows. Not for several threads.
 */
public final class Progress {
    private static final int MOST_LAGS = 100;
    private static final int MOST_REFUSALS = 1_000;
    // All refusals together stay below what a receiver takes.
    private static final int MOST_MESSAGE = 1_024;

    private final String reporter;
    private Map<Long, Generation> accepted = Map.of();

    /** @param reporter names this process */
    public Progress(String reporter) {
        this.reporter = reporter;
    }

    /** Which objects a stream refuses in a type; empty where that is not known. */
    public interface Blame {
        List<ObjectKey> objects(long stream, String typeUrl);
    }

    /**
     * The report of this moment.
     *
     * @param generation that all streams had been offered before their statuses were taken
     * @param leftOut    objects in quarantine, and why
     */
    public DistributionReport report(
            Generation generation, List<StreamStatus> streams, Blame blame, Map<ObjectKey, String> leftOut) {
        DistributionReport.Builder report = DistributionReport.newBuilder()
                .setReporter(reporter)
                .setGeneration(generation.toString())
                .setProxies(streams.size());
        List<Refusal> refusals = new ArrayList<>();
        leftOut.forEach((object, message) -> refusals.add(
                refusal(object).setMessage(cut(message)).setLeftOut(true).build()));
        Map<Long, Generation> next = new HashMap<>();
        for (StreamStatus stream : streams) {
            long id = stream.info().id();
            boolean explained = refusals(stream, blame, refusals);
            Generation before = accepted.getOrDefault(id, Generation.NONE);
            Generation now = stream.settled() && explained ? generation : before;
            next.put(id, now);
            if (!now.dominates(generation) || now.equals(Generation.NONE)) {
                report.setLagging(report.getLagging() + 1);
                if (report.getLagsCount() < MOST_LAGS) {
                    report.addLags(Lag.newBuilder()
                            .setProxy(proxy(stream))
                            .setGeneration(now.equals(Generation.NONE) ? "" : now.toString()));
                }
            }
        }
        accepted = next;
        return report.addAllRefusals(refusals.stream().limit(MOST_REFUSALS).toList())
                .build();
    }

    /** Whether the objects behind everything that the stream refuses are known. */
    private static boolean refusals(StreamStatus stream, Blame blame, List<Refusal> into) {
        boolean explained = true;
        for (TypeStatus type : stream.types()) {
            TypeStatus.Event rejected = type.rejected();
            if (rejected != null) {
                List<ObjectKey> objects = blame.objects(stream.info().id(), type.typeUrl());
                String message = cut(type.message());
                explained &= !objects.isEmpty();
                for (ObjectKey object : objects) {
                    into.add(refusal(object)
                            .setProxy(proxy(stream))
                            .setTypeUrl(type.typeUrl())
                            .setMessage(message)
                            .setAt(timestamp(rejected.at()))
                            .build());
                }
            }
        }
        return explained;
    }

    private static String cut(String message) {
        return message.substring(0, Math.min(message.length(), MOST_MESSAGE));
    }

    private static Refusal.Builder refusal(ObjectKey object) {
        return Refusal.newBuilder()
                .setGroup(object.kind().group())
                .setKind(object.kind().name())
                .setNamespace(object.namespace())
                .setName(object.name());
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    /** "POD.NAMESPACE", or the whole id where it has another form. */
    private static String proxy(StreamStatus stream) {
        String id = stream.info().node().getId();
        String[] parts = id.split("~", -1);
        return parts.length > 2 ? parts[2] : id;
    }
}
