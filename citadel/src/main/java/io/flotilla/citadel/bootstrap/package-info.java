/** One-time tokens for machines outside the platform: where they are kept, and how they are taken. */
@NullMarked
package io.flotilla.citadel.bootstrap;

import org.jspecify.annotations.NullMarked;
