/** Discovery responses on the wire: framed by hand around the resources' shared bytes. */
@NullMarked
package io.flotilla.discovery.wire;

import org.jspecify.annotations.NullMarked;
