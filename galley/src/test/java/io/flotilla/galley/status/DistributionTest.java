package io.flotilla.galley.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.Lag;
import io.flotilla.api.status.v1.Refusal;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.galley.status.Distribution.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final ObjectKey ROUTE = ObjectKey.of(Kind.VIRTUAL_SERVICE, "default", "reviews");
    private static final ObjectKey OTHER = ObjectKey.of(Kind.VIRTUAL_SERVICE, "default", "ratings");

    private final Distribution distribution = new Distribution();

    private static Generation generation(long kubernetes) {
        return new Generation(0, Map.of("kubernetes", kubernetes, "consul", 7L));
    }

    private static DistributionReport.Builder report(String pilot, long generation, int proxies) {
        return DistributionReport.newBuilder()
                .setReporter(pilot)
                .setGeneration(generation(generation).toString())
                .setProxies(proxies);
    }

    private static Lag lag(String proxy, String generation) {
        return Lag.newBuilder().setProxy(proxy).setGeneration(generation).build();
    }

    private static Refusal refusal(ObjectKey object, String proxy, String message) {
        return Refusal.newBuilder()
                .setGroup(object.kind().group())
                .setKind(object.kind().name())
                .setNamespace(object.namespace())
                .setName(object.name())
                .setProxy(proxy)
                .setLeftOut(proxy.isEmpty())
                .setMessage(message)
                .build();
    }

    private State state(ObjectKey object) {
        return distribution.receipt(object).orElseThrow().state();
    }

    private void change(ObjectKey object, long at) {
        distribution.published(List.of(object), List.of(), generation(at));
    }

    @Test
    void anObjectIsDistributedOnceEveryProxyOfEveryPilotIsAsFar() {
        change(ROUTE, 10);
        assertThat(distribution.reported(report("a", 10, 2)
                        .setLagging(1)
                        .addLags(lag("slow.default", generation(9).toString()))
                        .build()))
                .isEmpty();
        assertThat(state(ROUTE)).isEqualTo(State.PENDING);
        distribution.reported(report("b", 9, 1).build());
        assertThat(distribution.reported(report("a", 10, 2).build())).isEmpty();
        assertThat(distribution.reported(report("b", 10, 1).build())).containsOnlyKeys(ROUTE);
        assertThat(state(ROUTE)).isEqualTo(State.DISTRIBUTED);
        // A proxy that is behind what came later has the older one nevertheless.
        change(OTHER, 11);
        distribution.reported(report("a", 11, 2)
                .setLagging(1)
                .addLags(lag("slow.default", generation(10).toString()))
                .build());
        assertThat(state(ROUTE)).isEqualTo(State.DISTRIBUTED);
        assertThat(state(OTHER)).isEqualTo(State.PENDING);
    }

    @Test
    void aPilotThatGoesTakesItsProxiesAlong() {
        change(ROUTE, 10);
        distribution.reported(report("a", 10, 2).build());
        change(OTHER, 11);
        distribution.reported(report("stuck", 10, 2).build());
        distribution.reported(report("a", 11, 2).build());
        assertThat(state(OTHER)).isEqualTo(State.PENDING);
        assertThat(distribution.gone("stuck")).containsOnlyKeys(OTHER);
        assertThat(state(OTHER)).isEqualTo(State.DISTRIBUTED);
    }

    @Test
    void withoutProxiesNothingIsDistributed() {
        change(ROUTE, 10);
        distribution.reported(report("a", 10, 0).build());
        assertThat(state(ROUTE)).isEqualTo(State.PENDING);
    }

    @Test
    void moreLagsThanAreNamedAreNotOverlooked() {
        change(ROUTE, 10);
        distribution.reported(report("a", 11, 200)
                .setLagging(150)
                .addLags(lag("slow.default", generation(10).toString()))
                .build());
        assertThat(state(ROUTE)).isEqualTo(State.PENDING);
    }

    @Test
    void aRefusalIsOfItsObjectAndEndsWithIt() {
        change(ROUTE, 10);
        change(OTHER, 10);
        distribution.reported(report("a", 10, 2)
                .addRefusals(refusal(ROUTE, "web-1.default", "no such cluster"))
                .addRefusals(refusal(ROUTE, "web-0.default", "no such cluster"))
                .build());
        assertThat(state(OTHER)).isEqualTo(State.DISTRIBUTED);
        assertThat(distribution.receipt(ROUTE).orElseThrow())
                .isEqualTo(new Distribution.Receipt(
                        State.REFUSED, "refused by web-0.default, web-1.default: no such cluster"));
        assertThat(distribution.reported(report("a", 10, 2).build())).containsOnlyKeys(ROUTE);
        assertThat(state(ROUTE)).isEqualTo(State.DISTRIBUTED);
        // One that was distributed can be refused by a proxy that comes later.
        assertThat(distribution.reported(report("a", 10, 3)
                        .addRefusals(refusal(ROUTE, "old.default", "unknown field"))
                        .build()))
                .containsOnlyKeys(ROUTE);
        assertThat(state(ROUTE)).isEqualTo(State.REFUSED);
        distribution.published(List.of(), List.of(ROUTE), generation(11));
        assertThat(distribution.receipt(ROUTE)).isEmpty();
    }

    @Test
    void whatIsLeftOutForAllSaysSo() {
        change(ROUTE, 10);
        distribution.reported(report("a", 10, 2)
                .addRefusals(refusal(ROUTE, "", "no such filter"))
                .build());
        assertThat(distribution.receipt(ROUTE).orElseThrow().message())
                .isEqualTo("left out for all proxies until it is changed, since one refused it: no such filter");
    }

    @Test
    void conditionsOfSeveralReportersStandBesideEachOther() {
        Struct accepted = Conditions.of("Accepted", "True", "Accepted", "");
        Struct joined = Conditions.join(accepted, Conditions.of("Reconciled", "Unknown", "Pending", ""));
        joined = Conditions.join(joined, Conditions.of("Reconciled", "True", "Reconciled", ""));
        assertThat(joined.getFieldsOrThrow("conditions").getListValue().getValuesList())
                .extracting(value -> value.getStructValue()
                                .getFieldsOrThrow("type")
                                .getStringValue() + "="
                        + value.getStructValue().getFieldsOrThrow("status").getStringValue())
                .containsExactly("Accepted=True", "Reconciled=True");
    }
}
