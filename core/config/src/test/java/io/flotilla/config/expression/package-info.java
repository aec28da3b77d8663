@NullMarked
package io.flotilla.config.expression;

import org.jspecify.annotations.NullMarked;
