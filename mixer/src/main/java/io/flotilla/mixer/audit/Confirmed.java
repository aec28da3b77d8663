package io.flotilla.mixer.audit;

import io.flotilla.api.events.v1.AuditEvent;

/** A way to Kafka that waits for its confirmation. */
interface Confirmed extends AutoCloseable {
    /** Returns when Kafka has it. */
    void write(AuditEvent event) throws Unconfirmed, InterruptedException;

    @Override
    void close();

    /** Kafka has not said that it has it; it may still come to have it. */
    final class Unconfirmed extends Exception {
        private static final long serialVersionUID = 1;

        Unconfirmed(Throwable cause) {
            super(String.valueOf(cause.getMessage() == null ? cause : cause.getMessage()), cause);
        }
    }
}
