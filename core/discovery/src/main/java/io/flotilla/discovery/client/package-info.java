/** The client side of discovery: keeps a whole state, and goes from one generation to the next in one step. */
@NullMarked
package io.flotilla.discovery.client;

import org.jspecify.annotations.NullMarked;
