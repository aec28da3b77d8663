@NullMarked
package io.flotilla.config.platform;

import org.jspecify.annotations.NullMarked;
