package io.flotilla.mixer.span;

/**
 * What went through.
 *
 * @param received spans taken in
 * @param written  spans that Kafka has confirmed
 * @param dropped  spans thrown away because Kafka is away or slow
 */
public record SpanTotals(long received, long written, long dropped) {}
