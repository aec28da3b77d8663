package io.flotilla.galley;

import io.flotilla.service.https.LocalPages;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps strangers from the debug pages; metrics and health are for everybody. */
@ApplicationScoped
class DebugGuard {
    private static final int FIRST = 1_000;

    private final LocalPages access;

    DebugGuard(@ConfigProperty(name = "flotilla.debug-remote", defaultValue = "false") boolean remote) {
        this.access = new LocalPages(remote);
    }

    void register(@Observes Filters filters) {
        filters.register(access::guard, FIRST);
    }
}
