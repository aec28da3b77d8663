/** The language of conditions and values over attributes: read and type-checked, never evaluated here. */
@NullMarked
package io.flotilla.config.expression;

import org.jspecify.annotations.NullMarked;
