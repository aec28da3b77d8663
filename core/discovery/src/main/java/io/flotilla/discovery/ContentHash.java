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
        return HexFormat.of().toHexDigits(ByteBuffer.wrap(sha256(bytes)).getLong());
    }

    /**
     * 128 bits, which can be added up: sums of a set's members tell the set, in whatever order they come.
     *
     * @param high the first 64 bits
     * @param low  the next ones
     */
    record Sum(long high, long low) {
        static final Sum ZERO = new Sum(0, 0);

        /** The first 128 bits of SHA-256. */
        static Sum of(ByteString bytes) {
            ByteBuffer digest = ByteBuffer.wrap(sha256(bytes));
            return new Sum(digest.getLong(), digest.getLong());
        }

        Sum plus(Sum other) {
            return new Sum(high + other.high, low + other.low);
        }

        Sum minus(Sum other) {
            return new Sum(high - other.high, low - other.low);
        }

        @Override
        public String toString() {
            return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        }
    }

    private static byte[] sha256(ByteString bytes) {
        MessageDigest digest = DIGEST.get();
        for (var buffer : bytes.asReadOnlyByteBufferList()) {
            digest.update(buffer);
        }
        return digest.digest();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
