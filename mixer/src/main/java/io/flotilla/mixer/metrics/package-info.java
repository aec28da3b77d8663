/** From Kafka to the standard metrics. */
@NullMarked
package io.flotilla.mixer.metrics;

import org.jspecify.annotations.NullMarked;
