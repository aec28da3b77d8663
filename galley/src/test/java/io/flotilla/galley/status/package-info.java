@NullMarked
package io.flotilla.galley.status;

import org.jspecify.annotations.NullMarked;
