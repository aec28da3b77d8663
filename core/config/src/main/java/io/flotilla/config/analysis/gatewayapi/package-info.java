/** Findings about the Gateway API of Kubernetes. */
@NullMarked
package io.flotilla.config.analysis.gatewayapi;

import org.jspecify.annotations.NullMarked;
