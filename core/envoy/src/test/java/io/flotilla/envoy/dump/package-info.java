@NullMarked
package io.flotilla.envoy.dump;

import org.jspecify.annotations.NullMarked;
