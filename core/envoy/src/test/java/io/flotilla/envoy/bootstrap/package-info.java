@NullMarked
package io.flotilla.envoy.bootstrap;

import org.jspecify.annotations.NullMarked;
