package io.flotilla.pilot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.Lag;
import io.flotilla.api.status.v1.Refusal;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Peer;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final ObjectKey ROUTE = ObjectKey.of(Kind.VIRTUAL_SERVICE, "default", "reviews");

    private final Progress progress = new Progress("pilot-1");

    private static Generation generation(long number) {
        return new Generation(0, Map.of("directory", number));
    }

    private static StreamStatus stream(long id, boolean settled, String refused) {
        TypeStatus.Event event = new TypeStatus.Event(1, "v", Instant.EPOCH);
        TypeStatus type = new TypeStatus(
                TypeUrls.CLUSTER,
                true,
                0,
                generation(1),
                event,
                refused.isEmpty() ? event : null,
                refused.isEmpty() ? null : event,
                refused,
                false);
        Node node = Node.newBuilder()
                .setId("sidecar~10.0.0." + id + "~web-" + id + ".default~default.svc.cluster.local")
                .build();
        return new StreamStatus(
                new StreamInfo(id, node, new Peer(false, List.of(), "", ""), true),
                Instant.EPOCH,
                List.of(type),
                settled);
    }

    private DistributionReport report(long generation, Progress.Blame blame, StreamStatus... streams) {
        return progress.report(generation(generation), List.of(streams), blame, Map.of());
    }

    @Test
    void whoHasNotAnsweredIsBehindWhereItLastWasDone() {
        Progress.Blame nobody = (stream, type) -> List.of();
        assertThat(report(1, nobody, stream(1, true, ""), stream(2, true, "")).getLagsList())
                .isEmpty();
        DistributionReport second = report(2, nobody, stream(1, true, ""), stream(2, false, ""));
        assertThat(second.getProxies()).isEqualTo(2);
        assertThat(second.getLagsList())
                .containsExactly(Lag.newBuilder()
                        .setProxy("web-2.default")
                        .setGeneration(generation(1).toString())
                        .build());
        assertThat(report(3, nobody, stream(3, false, "")).getLags(0).getGeneration())
                .isEmpty();
    }

    @Test
    void aRefusalWhoseObjectsAreKnownIsTheirsAlone() {
        Progress.Blame route = (stream, type) -> List.of(ROUTE);
        DistributionReport report = report(1, route, stream(1, true, "bad cluster"));
        assertThat(report.getLagging()).isZero();
        assertThat(report.getRefusalsList()).singleElement().satisfies(refusal -> {
            assertThat(refusal.getKind()).isEqualTo("VirtualService");
            assertThat(refusal.getProxy()).isEqualTo("web-1.default");
            assertThat(refusal.getMessage()).isEqualTo("bad cluster");
        });
    }

    @Test
    void aRefusalOfUnknownCauseKeepsTheProxyBehind() {
        Progress.Blame nobody = (stream, type) -> List.of();
        assertThat(report(1, nobody, stream(1, true, "bad cluster")).getLagging())
                .isEqualTo(1);
        assertThat(report(1, nobody, stream(1, true, "")).getLagging()).isZero();
    }

    @Test
    void objectsInQuarantineAreTold() {
        DistributionReport report =
                progress.report(generation(1), List.of(), (stream, type) -> List.of(), Map.of(ROUTE, "no such filter"));
        assertThat(report.getRefusalsList())
                .containsExactly(Refusal.newBuilder()
                        .setGroup("networking.istio.io")
                        .setKind("VirtualService")
                        .setNamespace("default")
                        .setName("reviews")
                        .setMessage("no such filter")
                        .setLeftOut(true)
                        .build());
    }
}
