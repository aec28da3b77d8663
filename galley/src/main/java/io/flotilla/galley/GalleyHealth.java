package io.flotilla.galley;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready: all files were read once and the port is open. Alive: the watch runs. */
final class GalleyHealth {
    private GalleyHealth() {}

    @Readiness
    @ApplicationScoped
    static class Ready implements HealthCheck {
        private final GalleyLifecycle galley;

        Ready(GalleyLifecycle galley) {
            this.galley = galley;
        }

        @Override
        public HealthCheckResponse call() {
            boolean read = galley.held().isPresent();
            boolean serving = galley.servers().map(servers -> servers.ready()).orElse(false);
            return HealthCheckResponse.named("configuration")
                    .status(read && serving)
                    .withData("read", read)
                    .withData("serving", serving)
                    .build();
        }
    }

    @Liveness
    @ApplicationScoped
    static class Alive implements HealthCheck {
        private final GalleyLifecycle galley;

        Alive(GalleyLifecycle galley) {
            this.galley = galley;
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.named("watch").status(galley.watching()).build();
        }
    }
}
