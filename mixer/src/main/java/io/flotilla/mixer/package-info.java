/** Mixer: telemetry of all proxies in, Kafka out; metrics from Kafka. */
@NullMarked
package io.flotilla.mixer;

import org.jspecify.annotations.NullMarked;
