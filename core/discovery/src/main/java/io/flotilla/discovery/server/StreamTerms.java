package io.flotilla.discovery.server;

/**
 * What holds for a stream from its first request on.
 *
 * @param delta   incremental instead of state of the world for all types; else each type's first request decides
 * @param markers whether the client wants each generation told for each of its types, with nothing in it if need be
 * @param order   of the types
 */
record StreamTerms(boolean delta, boolean markers, DeliveryOrder order) {}
