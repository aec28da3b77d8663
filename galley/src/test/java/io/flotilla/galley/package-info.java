@NullMarked
package io.flotilla.galley;

import org.jspecify.annotations.NullMarked;
