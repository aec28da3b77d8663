@NullMarked
package io.flotilla.config.mixer;

import org.jspecify.annotations.NullMarked;
