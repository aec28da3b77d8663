/** Consul as a source: its catalog becomes ServiceEntries and WorkloadEntries. */
@NullMarked
package io.flotilla.galley.consul;

import org.jspecify.annotations.NullMarked;
