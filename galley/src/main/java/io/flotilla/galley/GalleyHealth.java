package io.flotilla.galley;

import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceStatus;
import io.flotilla.galley.state.Held;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: every source has told everything once, or the last known good state is served, and the port is open. It stays
 * ready while a source is away. Alive: all sources run.
 */
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
            boolean read = galley.held().map(Held::servable).orElse(false);
            boolean serving = galley.servers().map(servers -> servers.ready()).orElse(false);
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("configuration")
                    .status(read && serving)
                    .withData("read", read)
                    .withData("serving", serving);
            galley.sources().forEach(source -> answer.withData(source.name().text(), text(source.status())));
            return answer.build();
        }
    }

    /** A source's state in words. */
    static String text(SourceStatus status) {
        return switch (status) {
            case SourceStatus.Starting(String waitingFor) -> "waiting for " + waitingFor;
            case SourceStatus.Synced() -> "synced";
            case SourceStatus.Stale(Instant since, String why) -> "stale since " + since + ": " + why;
        };
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
            return HealthCheckResponse.named("sources")
                    .status(!galley.sources().isEmpty()
                            && galley.sources().stream().allMatch(Source::alive))
                    .build();
        }
    }
}
