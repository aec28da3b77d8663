/** Tokens of end users: the filter that checks them before anything else believes them. */
@NullMarked
package io.flotilla.envoy.jwt;

import org.jspecify.annotations.NullMarked;
