/** What Galley's state costs: a change among many objects, and the memory of a large registry. */
@NullMarked
package io.flotilla.bench.galley;

import org.jspecify.annotations.NullMarked;
