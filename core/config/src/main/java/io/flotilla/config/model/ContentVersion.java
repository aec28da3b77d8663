package io.flotilla.config.model;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The version of an object: a hash of its content, so that equal objects have equal versions everywhere. */
public final class ContentVersion {
    private static final int HASH_BYTES = 8;

    private static final int LARGEST_BUFFER = 4096;
    private static final int LEAST_BUFFER = 64;
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(ContentVersion::digest);

    private ContentVersion() {}

    /** The first 64 bits of SHA-256 over spec, labels and annotations, as 16 hexadecimal digits. */
    public static String of(Message spec, Map<String, String> labels, Map<String, String> annotations) {
        MessageDigest digest = DIGEST.get();
        digest.reset();
        int buffer = Math.min(LARGEST_BUFFER, LEAST_BUFFER + spec.getSerializedSize());
        CodedOutputStream out =
                CodedOutputStream.newInstance(new DigestOutputStream(OutputStream.nullOutputStream(), digest), buffer);
        out.useDeterministicSerialization();
        try {
            out.writeMessageNoTag(spec);
            writeMap(out, labels);
            writeMap(out, annotations);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void writeMap(CodedOutputStream out, Map<String, String> map) throws IOException {
        out.writeInt32NoTag(map.size());
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            out.writeStringNoTag(entry.getKey());
            out.writeStringNoTag(entry.getValue());
        }
    }
}
