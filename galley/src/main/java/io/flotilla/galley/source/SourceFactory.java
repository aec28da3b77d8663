package io.flotilla.galley.source;

import java.util.Optional;

/** Makes a source where the settings ask for it. Every bean of this type is asked once, as Galley starts. */
public interface SourceFactory {
    /** Empty where the source is not configured. */
    Optional<Source> create();
}
