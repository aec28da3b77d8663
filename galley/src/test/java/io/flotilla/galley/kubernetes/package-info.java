@NullMarked
package io.flotilla.galley.kubernetes;

import org.jspecify.annotations.NullMarked;
