/** The signing root and where it is kept. */
@NullMarked
package io.flotilla.citadel.root;

import org.jspecify.annotations.NullMarked;
