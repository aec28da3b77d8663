/** How many certificates are issued at most, and who goes first. */
@NullMarked
package io.flotilla.identity.limit;

import org.jspecify.annotations.NullMarked;
