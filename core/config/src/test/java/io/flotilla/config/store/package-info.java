@NullMarked
package io.flotilla.config.store;

import org.jspecify.annotations.NullMarked;
