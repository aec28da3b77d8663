package io.flotilla.envoy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.envoy.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is blamed for what Envoy refuses. */
class SuspectsTest {
    private static final PatchSource OLD = source("old");
    private static final PatchSource NEW = source("new");
    private static final PatchSource OTHER = source("other");
    private static final PatchNotes NOTES = new PatchNotes(
            Map.of(ResourceType.LISTENER, Map.of("0.0.0.0_80", Set.of(OLD, NEW), "0.0.0.0_90", Set.of(OTHER))),
            List.of());

    private static PatchSource source(String name) {
        return new PatchSource(ObjectKey.of(Kind.ENVOY_FILTER, "default", name), "1");
    }

    private static Set<PatchSource> suspects(String message, PatchSource... proven) {
        return Suspects.of(NOTES, ResourceType.LISTENER, message, Set.of(proven));
    }

    @Test
    void thoseWhoChangedWhatTheMessageNames() {
        assertThat(suspects("Error adding/updating listener(s) 0.0.0.0_80: script load error"))
                .containsExactly(NEW, OLD);
        assertThat(suspects("something is wrong")).isEmpty();
    }

    @Test
    void whoWasTakenBeforeIsBelieved() {
        assertThat(suspects("listener 0.0.0.0_80", OLD)).containsExactly(NEW);
        assertThat(suspects("listener 0.0.0.0_80", OLD, NEW)).isEmpty();
    }

    @Test
    void nobodyWhereNoPatchTouchedTheType() {
        assertThat(Suspects.of(NOTES, ResourceType.CLUSTER, "cluster x", Set.of()))
                .isEmpty();
    }
}
