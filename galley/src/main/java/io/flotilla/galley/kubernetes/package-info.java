/**
 * A Kubernetes cluster as a source. What is decided (what to read, when to list or watch again, what a list that is
 * shorter than before means, what of an object is kept) is pure; {@code KindWatch} and {@code KubernetesApi} do the I/O.
 */
@NullMarked
package io.flotilla.galley.kubernetes;

import org.jspecify.annotations.NullMarked;
