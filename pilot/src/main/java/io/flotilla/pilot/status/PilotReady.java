package io.flotilla.pilot.status;

import io.flotilla.pilot.Pilot;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once there is a mesh to serve, be it that of the last run. */
@Readiness
@ApplicationScoped
class PilotReady implements HealthCheck {
    private final Pilot pilot;

    PilotReady(Pilot pilot) {
        this.pilot = pilot;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("mesh")
                .status(pilot.serving())
                .withData("galley", pilot.galleyProblem().isEmpty() ? "connected" : pilot.galleyProblem())
                .withData("identity", pilot.identityProblem().isEmpty() ? "ok" : pilot.identityProblem())
                .build();
    }
}
