/** Meshes of tests: folders of YAML, proxies, and what a real Envoy says to the result. */
@NullMarked
package io.flotilla.envoy.mesh;

import org.jspecify.annotations.NullMarked;
