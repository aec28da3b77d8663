package io.flotilla.config.model;

/** Annotations of a WorkloadEntry that the mesh reads. */
public final class EntryAnnotations {
    /** "true" or "false", as whoever checks its health says; it overrules nothing else. */
    public static final String HEALTHY = "flotilla.io/healthy";

    /** The WorkloadGroup that it was made from. */
    public static final String GROUP = "istio.io/autoRegistrationGroup";

    private EntryAnnotations() {}
}
