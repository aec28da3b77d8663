/** A real Kubernetes API for tests: etcd, and kubemini in front of it. */
@NullMarked
package io.flotilla.e2e.kube;

import org.jspecify.annotations.NullMarked;
