@NullMarked
package io.flotilla.config.snapshot;

import org.jspecify.annotations.NullMarked;
