/** The mesh's registry, from Galley. */
@NullMarked
package io.flotilla.mixer.registry;

import org.jspecify.annotations.NullMarked;
