@NullMarked
package io.flotilla.config.samples;

import org.jspecify.annotations.NullMarked;
