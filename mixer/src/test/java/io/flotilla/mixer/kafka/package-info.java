/** A real Kafka broker for tests. */
@NullMarked
package io.flotilla.mixer.kafka;

import org.jspecify.annotations.NullMarked;
