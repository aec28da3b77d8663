/** What telemetry asks the mesh's registry: whose address is this, which service is that. */
@NullMarked
package io.flotilla.telemetry.registry;

import org.jspecify.annotations.NullMarked;
