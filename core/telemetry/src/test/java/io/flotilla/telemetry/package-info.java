/** Fixtures for the tests of what the mesh reports. */
@NullMarked
package io.flotilla.telemetry;

import org.jspecify.annotations.NullMarked;
