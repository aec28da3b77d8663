@NullMarked
package io.flotilla.injector;

import org.jspecify.annotations.NullMarked;
