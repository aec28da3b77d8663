package io.flotilla.mixer.access;

import io.flotilla.api.events.v1.RequestRecord;
import java.util.List;

/** Where the records of a proxy go. Takes them at once: after it returns, the stream reads on. */
@FunctionalInterface
public interface RecordSink {
    /**
     * Takes records, in the order in which the proxy told them.
     *
     * @param pod "NAMESPACE/NAME" of the reporting pod
     */
    void accept(String pod, List<RequestRecord> records);
}
