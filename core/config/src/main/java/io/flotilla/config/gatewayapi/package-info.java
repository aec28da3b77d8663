/** The Kubernetes Gateway API as Istio's kinds: which routes are attached where, what they become, and their status. */
@NullMarked
package io.flotilla.config.gatewayapi;

import org.jspecify.annotations.NullMarked;
