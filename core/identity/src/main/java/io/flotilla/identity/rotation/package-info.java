/** How a root is replaced while everybody keeps believing everybody. */
@NullMarked
package io.flotilla.identity.rotation;

import org.jspecify.annotations.NullMarked;
