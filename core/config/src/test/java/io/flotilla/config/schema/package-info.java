@NullMarked
package io.flotilla.config.schema;

import org.jspecify.annotations.NullMarked;
