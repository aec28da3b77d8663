/** Configuration on the wire: collections, envelopes, and the snapshot that a consumer makes of them. */
@NullMarked
package io.flotilla.config.feed;

import org.jspecify.annotations.NullMarked;
