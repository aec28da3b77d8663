@NullMarked
package io.flotilla.citadel.crypto;

import org.jspecify.annotations.NullMarked;
