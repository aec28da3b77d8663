package io.flotilla.galley.consul;

/**
 * How far a blocking query has seen. One that goes backwards is of a server that was restored: everything is asked for
 * anew.
 *
 * @param value 0 asks without blocking
 */
record CatalogIndex(long value) {
    static final CatalogIndex START = new CatalogIndex(0);

    /** After an answer with this index; what is no index begins anew. */
    CatalogIndex after(long answered) {
        return answered <= 0 || answered < value ? START : new CatalogIndex(answered);
    }

    /** The answer brought nothing new: the time was up. */
    boolean unchangedBy(long answered) {
        return value != 0 && answered == value;
    }
}
