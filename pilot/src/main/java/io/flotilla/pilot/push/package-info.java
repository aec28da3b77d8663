/** Views of proxies, translated again when the mesh changes. */
@NullMarked
package io.flotilla.pilot.push;

import org.jspecify.annotations.NullMarked;
