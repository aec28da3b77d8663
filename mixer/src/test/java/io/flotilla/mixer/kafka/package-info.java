/** Topics of Mixer, as a reader of theirs has them. */
@NullMarked
package io.flotilla.mixer.kafka;

import org.jspecify.annotations.NullMarked;
