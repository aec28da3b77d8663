@NullMarked
package io.flotilla.config.yaml;

import org.jspecify.annotations.NullMarked;
