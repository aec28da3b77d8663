package io.flotilla.telemetry.audit;

import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tells one request or connection at one proxy from all others, however often and by whichever way it is told. The
 * request id alone does not do, since callers choose it; they choose neither the proxy nor the nanosecond at which that
 * began with it.
 */
public final class RequestKey {
    private static final int BYTES = 16;

    private RequestKey() {}

    /** 32 hexadecimal digits; nothing where the proxy did not say enough. */
    public static Optional<String> of(RequestRecord record) {
        Peer proxy = record.getReporter() == Reporter.SOURCE ? record.getSource() : record.getDestination();
        if (proxy.getPod().isEmpty() || record.getStreamId().isEmpty() || !record.hasStart()) {
            return Optional.empty();
        }
        // No name of a pod has a line break, and no time has.
        String text = proxy.getNamespace() + "/" + proxy.getPod() + "\n"
                + record.getStart().getSeconds() + "." + record.getStart().getNanos() + "\n" + record.getStreamId();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Optional.of(HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
