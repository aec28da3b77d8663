/** Every case of translation, sent to real Envoys over ADS: nothing is refused, and what they hold is what was sent. */
@NullMarked
package io.flotilla.pilot.accepted;

import org.jspecify.annotations.NullMarked;
