/** What an Envoy starts with: bootstrap, static listeners and clusters, and where its secrets come from. */
@NullMarked
package io.flotilla.envoy.bootstrap;

import org.jspecify.annotations.NullMarked;
