/** From text to objects: which kinds there are, their metadata, and the reading of whole files. */
@NullMarked
package io.flotilla.config.object;

import org.jspecify.annotations.NullMarked;
