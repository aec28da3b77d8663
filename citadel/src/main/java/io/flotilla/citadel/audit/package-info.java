/** Who got which certificate, who did not, and what operators did: on Kafka, by a disk outbox. */
@NullMarked
package io.flotilla.citadel.audit;

import org.jspecify.annotations.NullMarked;
