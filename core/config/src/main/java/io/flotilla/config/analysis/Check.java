package io.flotilla.config.analysis;

import java.util.List;

/** Looks at a mesh for one kind of mistake. Without state of its own, so that one instance serves everybody. */
public interface Check {
    /** The codes that it can report. */
    List<Entry> entries();

    /** Reports what it finds. */
    void run(Mesh mesh, Findings findings);
}
