/** Request records become Istio's standard metrics, each record exactly once. */
@NullMarked
package io.flotilla.telemetry.metric;

import org.jspecify.annotations.NullMarked;
