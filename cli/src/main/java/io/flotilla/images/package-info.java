/** Images of containers: what each holds, and how they are built without a container engine. */
@NullMarked
package io.flotilla.images;

import org.jspecify.annotations.NullMarked;
