package io.flotilla.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainTimesTest {
    private static final Duration STANDARD = Duration.ofSeconds(10);

    @Test
    void whatTheMeshSaysHoldsBeforeTheGatewaysOwn() {
        assertThat(DrainTimes.of(ProxyConfig.getDefaultInstance(), STANDARD))
                .isEqualTo(new DrainTimes(STANDARD, STANDARD));
        ProxyConfig removed = ProxyConfig.newBuilder()
                .setDrainDuration(Durations.fromSeconds(33))
                .build();
        assertThat(DrainTimes.of(removed, STANDARD)).isEqualTo(new DrainTimes(Duration.ofSeconds(33), STANDARD));
        ProxyConfig ending = ProxyConfig.newBuilder()
                .setTerminationDrainDuration(Durations.fromMillis(1500))
                .build();
        assertThat(DrainTimes.of(ending, STANDARD)).isEqualTo(new DrainTimes(STANDARD, Duration.ofMillis(1500)));
    }

    @Test
    void envoyIsStartedWithIt() {
        EnvoyCommand command = new EnvoyCommand(
                Path.of("/envoy"), EnvoyCommand.Place.in(Path.of("/")), "warning", 2, Duration.ofSeconds(33), Map.of());
        assertThat(command.arguments()).containsSequence("--drain-time-s", "33");
    }
}
