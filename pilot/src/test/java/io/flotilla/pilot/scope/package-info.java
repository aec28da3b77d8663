@NullMarked
package io.flotilla.pilot.scope;

import org.jspecify.annotations.NullMarked;
