@NullMarked
package io.flotilla.config.validate;

import org.jspecify.annotations.NullMarked;
