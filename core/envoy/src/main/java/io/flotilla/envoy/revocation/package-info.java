/** Peers whose certificates were taken back: how proxies refuse them, on open connections too. */
@NullMarked
package io.flotilla.envoy.revocation;

import org.jspecify.annotations.NullMarked;
