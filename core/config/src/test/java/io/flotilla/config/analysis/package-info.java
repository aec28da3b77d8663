@NullMarked
package io.flotilla.config.analysis;

import org.jspecify.annotations.NullMarked;
