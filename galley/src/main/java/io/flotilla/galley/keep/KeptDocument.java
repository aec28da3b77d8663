package io.flotilla.galley.keep;

import io.flotilla.galley.source.SourceName;

/**
 * A document as it is kept.
 *
 * @param source whose it is
 * @param name   within the source
 * @param text   as it was told last; empty where it is gone
 * @param good   its last text without an error, where that is an earlier one; else empty
 */
record KeptDocument(SourceName source, String name, String text, String good) {}
