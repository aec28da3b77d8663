package io.flotilla.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Textual encoding of keys, certificates and requests (RFC 7468). */
public final class Pem {
    private static final int LINE = 64;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final byte NOT_BASE64 = '!';

    private Pem() {}

    /**
     * One block.
     *
     * @param label what stands after BEGIN, such as {@code CERTIFICATE}
     * @param der   the decoded content
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code: never compared, never kept
    public record Block(String label, byte[] der) {}

    /** One block, ending in a line feed. */
    public static String encode(String label, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n";
    }

    /**
     * Every block of a text, in order; text between blocks is passed over, as the RFC allows. Empty where a block does
     * not end, ends under another label, or holds what is not Base64.
     */
    public static Optional<List<Block>> decode(String text) {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            if (labelEnd < 0) {
                return Optional.empty();
            }
            String label = text.substring(at + BEGIN.length(), labelEnd);
            int bodyStart = labelEnd + DASHES.length();
            int end = text.indexOf(DASHES, bodyStart);
            String last = END + label + DASHES;
            if (end < 0 || !text.startsWith(last, end)) {
                return Optional.empty();
            }
            Optional<byte[]> der = base64(text.substring(bodyStart, end));
            if (der.isEmpty()) {
                return Optional.empty();
            }
            blocks.add(new Block(label, der.get()));
            at = text.indexOf(BEGIN, end + last.length());
        }
        return Optional.of(List.copyOf(blocks));
    }

    private static Optional<byte[]> base64(String body) {
        try {
            return Optional.of(Base64.getDecoder().decode(withoutSpace(body)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] withoutSpace(String body) {
        byte[] kept = new byte[body.length()];
        int length = 0;
        for (int i = 0; i < body.length(); i++) {
            char each = body.charAt(i);
            if (each != ' ' && (each < '\t' || each > '\r')) {
                kept[length++] = each < 0x80 ? (byte) each : NOT_BASE64;
            }
        }
        return Arrays.copyOf(kept, length);
    }
}
