package io.flotilla.mixer.outbox;

/**
 * A batch that is ready to be written.
 *
 * @param key     key of the Kafka record: the reporting pod
 * @param value   the serialised RequestBatch
 * @param records how many records it holds
 * @param dropped the losses that it tells of
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to Kafka, never compared
record SealedBatch(String key, byte[] value, int records, long dropped) {
    /** What it takes in memory, near enough. */
    int weight() {
        return value.length + key.length() + 64;
    }

    /** Records that are lost, and losses that stay untold, if it is dropped. */
    long loss() {
        return records + dropped;
    }
}
