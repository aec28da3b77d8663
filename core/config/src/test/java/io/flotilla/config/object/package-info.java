@NullMarked
package io.flotilla.config.object;

import org.jspecify.annotations.NullMarked;
