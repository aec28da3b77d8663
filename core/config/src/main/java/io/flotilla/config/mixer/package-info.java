/** The adapters and templates that are built into Mixer: their names, settings and fields. */
@NullMarked
package io.flotilla.config.mixer;

import org.jspecify.annotations.NullMarked;
