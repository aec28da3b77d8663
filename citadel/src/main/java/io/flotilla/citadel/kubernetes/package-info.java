/** What Citadel keeps and publishes in Kubernetes: its root as a Secret, the root certificate as ConfigMaps. */
@NullMarked
package io.flotilla.citadel.kubernetes;

import org.jspecify.annotations.NullMarked;
