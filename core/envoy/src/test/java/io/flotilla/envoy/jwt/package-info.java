@NullMarked
package io.flotilla.envoy.jwt;

import org.jspecify.annotations.NullMarked;
