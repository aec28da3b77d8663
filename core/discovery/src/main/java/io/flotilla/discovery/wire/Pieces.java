package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/** Small written parts between resources' own bytes. */
final class Pieces {
    private Pieces() {}

    static ResponseFrame frame(String typeUrl, String nonce, String version, List<ByteString> pieces) {
        return new ResponseFrame(
                typeUrl,
                nonce,
                version,
                pieces,
                pieces.stream().mapToInt(ByteString::size).sum());
    }

    static void string(CodedOutputStream out, int field, String text) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(field, text);
        }
    }

    static void bytes(CodedOutputStream out, int field, ByteString bytes) throws IOException {
        if (!bytes.isEmpty()) {
            out.writeBytes(field, bytes);
        }
    }

    static void lengthOf(CodedOutputStream out, int field, int length) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
    }

    static ByteString piece(int capacity, Writing writing) {
        ByteString.Output bytes = ByteString.newOutput(capacity);
        // No larger than the piece: there is one of these for each resource.
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, capacity);
        try {
            writing.to(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to take bytes", e);
        }
        return bytes.toByteString();
    }

    // A copy, in one run of memory.
    static ByteString joined(List<ByteString> pieces, int size) {
        byte[] bytes = new byte[size];
        int at = 0;
        for (ByteString piece : pieces) {
            piece.copyTo(bytes, at);
            at += piece.size();
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }
}
