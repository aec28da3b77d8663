@NullMarked
package io.flotilla.injection;

import org.jspecify.annotations.NullMarked;
