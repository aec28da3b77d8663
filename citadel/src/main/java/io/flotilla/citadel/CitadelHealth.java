package io.flotilla.citadel;

import io.flotilla.identity.authority.AuthorityLife;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while what signs lives for a day and more; tells how long that is, and alarms before. */
@Readiness
@ApplicationScoped
class CitadelHealth implements HealthCheck {
    private final CitadelServer citadel;

    CitadelHealth(CitadelServer citadel) {
        this.citadel = citadel;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<Instant> end = citadel.end();
        if (end.isEmpty() || citadel.port() == 0) {
            return HealthCheckResponse.named("signing").down().build();
        }
        Duration left = Duration.between(Clock.systemUTC().instant(), end.get());
        return HealthCheckResponse.named("signing")
                .status(left.compareTo(AuthorityLife.LAST_DAY) > 0)
                .withData("rootDaysLeft", left.toDays())
                .withData("alarm", AuthorityLife.alarm(left))
                .withData("unpublished", String.join("; ", citadel.unpublished()))
                .withData("revocationLists", citadel.noRevocationLists())
                .withData("bundles", String.join(", ", citadel.bundleAlarms().keySet()))
                .build();
    }
}
