package io.flotilla.injector;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready: listening, with a certificate. */
@Readiness
@ApplicationScoped
class InjectorHealth implements HealthCheck {
    private final InjectorLifecycle injector;

    InjectorHealth(InjectorLifecycle injector) {
        this.injector = injector;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> problem = injector.problem();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("webhook").status(problem.isEmpty());
        problem.ifPresent(reason -> response.withData("problem", reason));
        return response.build();
    }
}
