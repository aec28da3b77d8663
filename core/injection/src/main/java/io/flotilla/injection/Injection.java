package io.flotilla.injection;

import java.util.List;
import java.util.Map;

/** What came of asking to inject a pod. */
public sealed interface Injection {
    /**
     * The pod got its sidecar.
     *
     * @param pod      the whole pod, or pod template, as it is now
     * @param patch    the steps from the old to the new one
     * @param warnings what the owner of the pod should know, one sentence each
     */
    record Injected(Map<String, Object> pod, List<JsonPatch.Operation> patch, List<String> warnings)
            implements Injection {
        public Injected {
            patch = List.copyOf(patch);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The pod stays as it is, and that is right.
     *
     * @param reason one sentence
     */
    record Skipped(String reason) implements Injection {}

    /**
     * The pod asks for what cannot be.
     *
     * @param problems each names the field and the value
     */
    record Refused(List<String> problems) implements Injection {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
