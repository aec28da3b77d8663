package io.flotilla.telemetry.metric;

/**
 * What became of the records that the aggregation was given. Without faults {@code requests} and the connections'
 * records are all there is.
 *
 * @param requests   HTTP records that count
 * @param tcp        TCP records that count
 * @param doubles    records that had been counted already
 * @param probes     requests of the kubelet, which the standard metrics leave out
 * @param overflowed records (of those that count) that lost their labels because there are too many series
 * @param dropped    records that the writers of batches say they had to drop
 * @param replayed   batches that were read again
 * @param unwanted   records of which a Telemetry says that they count in nothing
 */
public record Ledger(
        long requests,
        long tcp,
        long doubles,
        long probes,
        long overflowed,
        long dropped,
        long replayed,
        long unwanted) {
    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0);

    static final Ledger DOUBLE = new Ledger(0, 0, 1, 0, 0, 0, 0, 0);
    static final Ledger PROBE = new Ledger(0, 0, 0, 1, 0, 0, 0, 0);
    static final Ledger REPLAYED = new Ledger(0, 0, 0, 0, 0, 0, 1, 0);
    static final Ledger UNWANTED = new Ledger(0, 0, 0, 0, 0, 0, 0, 1);

    /** One HTTP record that counts. */
    static Ledger ofRequest(boolean overflowed) {
        return new Ledger(1, 0, 0, 0, overflowed ? 1 : 0, 0, 0, 0);
    }

    /** One TCP record that counts. */
    static Ledger ofTcp(boolean overflowed) {
        return new Ledger(0, 1, 0, 0, overflowed ? 1 : 0, 0, 0, 0);
    }

    static Ledger ofDropped(long records) {
        return new Ledger(0, 0, 0, 0, 0, records, 0, 0);
    }

    Ledger plus(Ledger other) {
        return new Ledger(
                requests + other.requests,
                tcp + other.tcp,
                doubles + other.doubles,
                probes + other.probes,
                overflowed + other.overflowed,
                dropped + other.dropped,
                replayed + other.replayed,
                unwanted + other.unwanted);
    }
}
