/** Trust between meshes: the bundle of this one is served, those of others are fetched. */
@NullMarked
package io.flotilla.citadel.federation;

import org.jspecify.annotations.NullMarked;
