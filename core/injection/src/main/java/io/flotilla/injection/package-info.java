/** What makes a pod a member of the mesh: {@code (pod, settings) -> injected pod and JSON patch}. */
@NullMarked
package io.flotilla.injection;

import org.jspecify.annotations.NullMarked;
