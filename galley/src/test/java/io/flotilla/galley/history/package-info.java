@NullMarked
package io.flotilla.galley.history;

import org.jspecify.annotations.NullMarked;
