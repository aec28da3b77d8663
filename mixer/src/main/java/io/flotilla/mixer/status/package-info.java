/** What Mixer says of itself: health, metrics, the ledger. */
@NullMarked
package io.flotilla.mixer.status;

import org.jspecify.annotations.NullMarked;
