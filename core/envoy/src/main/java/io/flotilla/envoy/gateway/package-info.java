/** Edge proxies: Gateways as listeners and routes. */
@NullMarked
package io.flotilla.envoy.gateway;

import org.jspecify.annotations.NullMarked;
