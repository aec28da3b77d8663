package io.flotilla.discovery;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Versions that come from content alone. */
public final class ContentHash {
    private static final int HASH_BYTES = 8;

    private ContentHash() {}

    /** The first 64 bits of SHA-256, as 16 hexadecimal digits. */
    public static String of(ByteString bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (var buffer : bytes.asReadOnlyByteBufferList()) {
                digest.update(buffer);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
