package io.flotilla.config.model;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The version of an object: a hash of its content, so that equal objects have equal versions everywhere. */
public final class ContentVersion {
    private static final int HASH_BYTES = 8;

    private ContentVersion() {}

    /** The first 64 bits of SHA-256 over spec, labels and annotations, as 16 hexadecimal digits. */
    public static String of(Message spec, Map<String, String> labels, Map<String, String> annotations) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            out.writeMessageNoTag(spec);
            writeMap(out, labels);
            writeMap(out, annotations);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
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
