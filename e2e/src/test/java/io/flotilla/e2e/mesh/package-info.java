/** The local mesh under test, driven as a user drives it: by the flotilla command. */
@NullMarked
package io.flotilla.e2e.mesh;

import org.jspecify.annotations.NullMarked;
