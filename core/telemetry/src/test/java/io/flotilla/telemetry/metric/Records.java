package io.flotilla.telemetry.metric;

import com.google.protobuf.util.Durations;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.ServiceName;
import java.util.List;

/** Request records of tests. */
final class Records {
    private Records() {}

    static RequestRecord http(long fingerprint, String destination, int code, long nanos) {
        return RequestRecord.newBuilder()
                .setFingerprint(fingerprint)
                .setType(RecordType.HTTP)
                .setReporter(Reporter.DESTINATION)
                .setProtocol("http")
                .setDestination(Peer.newBuilder().setWorkload(destination))
                .setService(ServiceName.newBuilder().setName(destination))
                .setDuration(Durations.fromNanos(nanos))
                .setRequestBytes(10)
                .setResponseBytes(nanos % 1_000)
                .setHttp(HttpRequest.newBuilder().setResponseCode(code))
                .build();
    }

    static RequestRecord tcp(long fingerprint, String stream, RecordType type, long received, long sent) {
        return RequestRecord.newBuilder()
                .setFingerprint(fingerprint)
                .setStreamId(stream)
                .setType(type)
                .setReporter(Reporter.SOURCE)
                .setProtocol("tcp")
                .setRequestBytes(received)
                .setResponseBytes(sent)
                .build();
    }

    static RequestBatch batch(String pod, List<RequestRecord> records) {
        return RequestBatch.newBuilder().setPod(pod).addAllRecords(records).build();
    }
}
