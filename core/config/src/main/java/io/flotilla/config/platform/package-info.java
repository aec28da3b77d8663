/** From manifests of Kubernetes to the mesh's registry, and a small platform of our own where there is no cluster. */
@NullMarked
package io.flotilla.config.platform;

import org.jspecify.annotations.NullMarked;
