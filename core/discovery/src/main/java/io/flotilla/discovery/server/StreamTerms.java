package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;

/**
 * What holds for a stream from its first request on.
 *
 * @param delta   incremental instead of state of the world for all types; else each type's first request decides
 * @param markers whether the client wants each generation told for each of its types, with nothing in it if need be
 * @param commits whether one message that says that a generation is whole will do instead, where nothing else is due
 * @param order   of the types
 */
record StreamTerms(boolean delta, boolean markers, boolean commits, DeliveryOrder order) {
    /** Whether a type is to be told of a generation even if nothing of it has changed. */
    boolean marks(TypeStream type, Generation generation) {
        return markers && (commits ? type.generation == null : !generation.equals(type.generation));
    }
}
