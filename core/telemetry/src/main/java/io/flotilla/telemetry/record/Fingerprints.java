package io.flotilla.telemetry.record;

import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells one report from another. */
final class Fingerprints {
    private Fingerprints() {}

    /**
     * The first 64 bits of SHA-256 over the proxy, its log and the entry as the proxy wrote it. The stream id alone does
     * not do: it is the request id, which applications pass on to everything that they call; the entry has the start
     * time and all durations in nanoseconds too.
     */
    static long of(ReportingProxy proxy, MessageLite entry) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((proxy.key() + "\n" + proxy.kind().logName() + "\n").getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest.digest(entry.toByteArray())).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
