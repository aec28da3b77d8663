package io.flotilla.discovery;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Versions that come from content alone. */
public final class ContentHash {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(ContentHash::digest);

    private ContentHash() {}

    /** The first 64 bits of SHA-256, as 16 hexadecimal digits. */
    public static String of(ByteString bytes) {
        return HexFormat.of().toHexDigits(bits(bytes));
    }

    /** The same 64 bits as a number. */
    static long bits(ByteString bytes) {
        MessageDigest digest = DIGEST.get();
        for (var buffer : bytes.asReadOnlyByteBufferList()) {
            digest.update(buffer);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
