/** What runs besides pods: control plane services and Kafka. */
@NullMarked
package io.flotilla.mesh.component;

import org.jspecify.annotations.NullMarked;
