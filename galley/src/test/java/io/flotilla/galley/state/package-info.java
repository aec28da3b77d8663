@NullMarked
package io.flotilla.galley.state;

import org.jspecify.annotations.NullMarked;
