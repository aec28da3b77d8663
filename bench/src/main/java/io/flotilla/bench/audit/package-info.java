/** What a record before the answer costs while Kafka is away. */
@NullMarked
package io.flotilla.bench.audit;

import org.jspecify.annotations.NullMarked;
