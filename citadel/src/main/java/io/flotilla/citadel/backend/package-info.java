@NullMarked
package io.flotilla.citadel.backend;

import org.jspecify.annotations.NullMarked;
