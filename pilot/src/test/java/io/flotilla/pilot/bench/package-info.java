/** Measurements that are run by hand. */
@NullMarked
package io.flotilla.pilot.bench;

import org.jspecify.annotations.NullMarked;
