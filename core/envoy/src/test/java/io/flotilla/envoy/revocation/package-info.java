@NullMarked
package io.flotilla.envoy.revocation;

import org.jspecify.annotations.NullMarked;
