package io.flotilla.galley.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static Diagnostic found(String object, String message) {
        return new Diagnostic(Severity.WARNING, "FA0101", Origin.NONE, object, "", message);
    }

    @Test
    void tellsOfWhichObjectsSomethingElseIsFound() {
        Findings before =
                new Findings("1", List.of(found("A x/a", "old"), found("A x/b", "same"), found("A x/c", "gone")));
        Findings now =
                new Findings("2", List.of(found("A x/a", "new"), found("A x/b", "same"), found("A x/d", "first")));
        assertThat(now.differing(before)).containsExactlyInAnyOrder("A x/a", "A x/c", "A x/d");
    }
}
