package io.flotilla.citadel;

import io.flotilla.identity.authority.Authority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while it can sign; tells how long the root still lives. */
@Readiness
@ApplicationScoped
class CitadelHealth implements HealthCheck {
    private final CitadelServer citadel;

    CitadelHealth(CitadelServer citadel) {
        this.citadel = citadel;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<Authority> root = citadel.authority();
        if (root.isEmpty() || citadel.port() == 0) {
            return HealthCheckResponse.named("signing").down().build();
        }
        Duration left = Duration.between(Clock.systemUTC().instant(), root.get().notAfter());
        return HealthCheckResponse.named("signing")
                .status(left.isPositive())
                .withData("rootDaysLeft", left.toDays())
                .build();
    }
}
