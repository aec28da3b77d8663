@NullMarked
package io.flotilla.galley.watch;

import org.jspecify.annotations.NullMarked;
