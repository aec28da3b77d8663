@NullMarked
package io.flotilla.config.derive;

import org.jspecify.annotations.NullMarked;
