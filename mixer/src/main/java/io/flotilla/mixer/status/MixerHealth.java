package io.flotilla.mixer.status;

import io.flotilla.mixer.Endpoints;
import io.flotilla.mixer.Mixer;
import io.flotilla.mixer.outbox.KafkaSender;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready once proxies can report, with Kafka or without: what waits for Kafka is shown, not a reason to be away too. */
@Readiness
@ApplicationScoped
class MixerHealth implements HealthCheck {
    private final Mixer mixer;
    private final Endpoints endpoints;
    private final KafkaSender sender;

    MixerHealth(Mixer mixer, Endpoints endpoints, KafkaSender sender) {
        this.mixer = mixer;
        this.endpoints = endpoints;
        this.sender = sender;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> missing = mixer.missingIdentity();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("mixer")
                .status(endpoints.telemetryPort() > 0 && missing.isEmpty())
                .withData("kafka", sender.kafkaIsAway() ? "away" : "there")
                .withData("registry", mixer.registryState())
                .withData("queuedBytes", mixer.outbox().totals().queuedBytes());
        missing.ifPresent(problem -> response.withData("identity", problem));
        return response.build();
    }
}
