/** Kafka as the place where an outbox is carried. Only services with a Kafka client use it, and bring that. */
@NullMarked
package io.flotilla.service.kafka;

import org.jspecify.annotations.NullMarked;
