@NullMarked
package io.flotilla.envoy.proxyless;

import org.jspecify.annotations.NullMarked;
