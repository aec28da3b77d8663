@NullMarked
package io.flotilla.galley.leader;

import org.jspecify.annotations.NullMarked;
