/** What one proxy is told: a mesh at one moment, and a proxy, become Envoy's resources. */
@NullMarked
package io.flotilla.envoy;

import org.jspecify.annotations.NullMarked;
