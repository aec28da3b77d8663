/** The way to Kafka: batches, a bounded queue, and what becomes of it while Kafka is away. */
@NullMarked
package io.flotilla.mixer.outbox;

import org.jspecify.annotations.NullMarked;
