@NullMarked
package io.flotilla.galley.keep;

import org.jspecify.annotations.NullMarked;
