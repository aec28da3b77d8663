package io.flotilla.config.analysis;

import java.util.List;

/** Looks at a mesh for one kind of mistake. Without state of its own, so that one instance serves everybody. */
public interface Check {
    /** The codes that it can report. */
    List<Entry> entries();

    /**
     * What it finds of an object follows from this object and from what others have under the names that it gives, so
     * that it may be shown the object as the only one of its kind; false: it compares objects of a kind with each other.
     */
    default boolean looksAtOne() {
        return false;
    }

    /** Reports what it finds. */
    void run(Mesh mesh, Findings findings);
}
