/** Who calls. */
@NullMarked
package io.flotilla.citadel.call;

import org.jspecify.annotations.NullMarked;
