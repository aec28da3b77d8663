package io.flotilla.citadel.kubernetes;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Deletes Revocation objects that strike nobody any more: those whose end is long past. One without an end, and one of an
 * identity, is never touched, and one that somebody changes meanwhile stays.
 */
public final class RevocationSweep {
    /** Past its end, for clocks that differ, and for whoever still reads what was revoked last. */
    static final Duration GRACE = Duration.ofDays(1);

    private static final String COLLECTION = "/apis/security.flotilla.io/v1/revocations";
    private static final Logger LOG = Logger.getLogger("citadel");

    private final KubernetesApi api;
    private final Clock clock;

    public RevocationSweep(KubernetesApi api, Clock clock) {
        this.api = api;
        this.clock = clock;
    }

    /**
     * One pass.
     *
     * @return what could not be deleted, and why
     */
    public List<String> sweep() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Struct revocation : api.list(COLLECTION, "")) {
            if (isOver(revocation)) {
                delete(revocation).ifPresent(problems::add);
            }
        }
        return problems;
    }

    private boolean isOver(Struct revocation) {
        Struct spec = Json.at(revocation, "spec");
        String until = Json.textAt(spec, "until");
        if (spec.containsFields("identity") || until.isEmpty()) {
            return false;
        }
        try {
            return Instant.parse(until).plus(GRACE).isBefore(clock.instant());
        } catch (DateTimeParseException e) {
            // What cannot be read is in force.
            return false;
        }
    }

    private Optional<String> delete(Struct revocation) throws IOException {
        String name = Json.textAt(revocation, "metadata", "name");
        KubernetesApi.Answer answer = api.delete(
                COLLECTION + "/" + name,
                Json.textAt(revocation, "metadata", "uid"),
                Json.textAt(revocation, "metadata", "resourceVersion"));
        if (answer.done()) {
            LOG.infof("revocation %s is over since %s, and deleted", name, Json.textAt(revocation, "spec", "until"));
        }
        return answer.done() || answer.missing() || answer.conflict()
                ? Optional.empty()
                : Optional.of(name + ": " + answer.reason());
    }
}
