@NullMarked
package io.flotilla.config.ownership;

import org.jspecify.annotations.NullMarked;
