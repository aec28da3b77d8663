/** Load with a count of its own: what the mesh reports is compared with it. */
@NullMarked
package io.flotilla.e2e.load;

import org.jspecify.annotations.NullMarked;
