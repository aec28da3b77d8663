/** Envoy's access log streams. */
@NullMarked
package io.flotilla.mixer.access;

import org.jspecify.annotations.NullMarked;
