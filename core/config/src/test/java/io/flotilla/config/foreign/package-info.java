@NullMarked
package io.flotilla.config.foreign;

import org.jspecify.annotations.NullMarked;
