package io.flotilla.gateway;

import io.flotilla.gateway.process.EnvoyProcess;
import io.flotilla.gateway.process.EnvoySupervisor;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready: Envoy runs, has configuration from Pilot, and does not drain. */
@Readiness
@ApplicationScoped
class GatewayHealth implements HealthCheck {
    private final GatewayLifecycle gateway;

    GatewayHealth(GatewayLifecycle gateway) {
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("envoy").status(gateway.admin().ready());
        gateway.supervisor()
                .flatMap(EnvoySupervisor::process)
                .map(EnvoyProcess::pid)
                .ifPresent(pid -> response.withData("pid", pid));
        gateway.supervisor()
                .ifPresent(supervisor ->
                        response.withData("adopted", supervisor.adopted()).withData("restarts", supervisor.restarts()));
        return response.build();
    }
}
