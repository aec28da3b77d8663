/** Ingresses of Kubernetes as Istio's kinds: which are taken, what they become, and their status. */
@NullMarked
package io.flotilla.config.ingress;

import org.jspecify.annotations.NullMarked;
