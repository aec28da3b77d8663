/** What was accepted, when and from whom, on its way to Kafka. */
@NullMarked
package io.flotilla.galley.history;

import org.jspecify.annotations.NullMarked;
