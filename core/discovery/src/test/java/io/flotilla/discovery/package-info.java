@NullMarked
package io.flotilla.discovery;

import org.jspecify.annotations.NullMarked;
