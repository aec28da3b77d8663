/** Records that must not be lost while Kafka is away: on disk, in order, until they are confirmed. */
@NullMarked
package io.flotilla.service.outbox;

import org.jspecify.annotations.NullMarked;
