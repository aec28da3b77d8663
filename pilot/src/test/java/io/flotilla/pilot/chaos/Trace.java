package io.flotilla.pilot.chaos;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.TypeUrls;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What happened on all streams, judged as it happens. */
final class Trace {
    private final ChaosMesh mesh;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final LongAdder responses = new LongAdder();

    Trace(ChaosMesh mesh) {
        this.mesh = mesh;
    }

    List<String> violations() {
        return violations.stream().limit(10).toList();
    }

    long responses() {
        return responses.sum();
    }

    void broken(AdsClient client, String what) {
        violations.add(client.name + " " + client.mode + ": " + what);
    }

    void received(AdsClient client, String url, String version, List<String> gone) {
        responses.increment();
        long generation = generation(version);
        if (generation < acknowledged.getOrDefault(client.name + url, 0L)) {
            broken(client, "older than acknowledged: " + version);
        }
        for (String name : gone) {
            // A host is "80/HOST:80", a cluster and its assignment "outbound|80|SUBSET|HOST".
            String cluster = url.equals(TypeUrls.VIRTUAL_HOST)
                    ? "outbound|80||" + name.substring(name.indexOf('/') + 1, name.lastIndexOf(':'))
                    : name;
            if (mesh.has(generation, cluster)) {
                broken(client, name + " is gone in " + version + ", which has it");
            }
        }
    }

    /** A client comes to a server, which may be another one, and tells how new that is which it has. */
    void brings(AdsClient client, String url, long generation) {
        acknowledged.put(client.name + url, generation);
    }

    void acknowledged(AdsClient client, String url, String version) {
        acknowledged.merge(client.name + url, generation(version), Math::max);
    }

    /** All that the routes of a proxy lead to must be there, with its endpoints asked for, at each moment. */
    void references(AdsClient client) {
        Map<String, Any> clusters = client.resources(TypeUrls.CLUSTER);
        for (String url : List.of(TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST)) {
            for (Map.Entry<String, Any> each : client.resources(url).entrySet()) {
                try {
                    for (String cluster : References.clusters(each.getValue())) {
                        if (!clusters.containsKey(cluster)) {
                            broken(client, each.getKey() + " leads to " + cluster + ", which is not there");
                        }
                    }
                } catch (InvalidProtocolBufferException e) {
                    broken(client, "unreadable: " + e);
                }
            }
        }
    }

    private static long generation(String version) {
        return StateVersion.parse(version)
                .map(state -> state.generation().sequences().getOrDefault("chaos", -1L))
                .orElse(-1L);
    }
}
