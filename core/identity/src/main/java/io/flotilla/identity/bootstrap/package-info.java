/** One-time tokens by which a machine outside the platform gets its first certificate. */
@NullMarked
package io.flotilla.identity.bootstrap;

import org.jspecify.annotations.NullMarked;
