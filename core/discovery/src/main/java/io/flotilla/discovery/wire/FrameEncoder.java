package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.flotilla.discovery.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes DiscoveryResponse and DeltaDiscoveryResponse (envoy.service.discovery.v3) around resources that are already
 * serialised: their bytes are referred to, never copied. Field order is that of the field numbers.
 */
public final class FrameEncoder {
    private final ByteString controlPlane;

    /** @param identifier what responses say in control_plane, or the empty string for nothing */
    public FrameEncoder(String identifier) {
        controlPlane = identifier.isEmpty()
                ? ByteString.EMPTY
                : ControlPlane.newBuilder().setIdentifier(identifier).build().toByteString();
    }

    /** A state of the world response: DiscoveryResponse. */
    public ResponseFrame world(String typeUrl, String nonce, String version, List<Resource> resources) {
        List<ByteString> pieces = new ArrayList<>(2 + 2 * resources.size());
        pieces.add(piece(version.length() + 16, out -> string(out, 1, version)));
        for (Resource resource : resources) {
            pieces.add(piece(16, out -> lengthOf(out, 2, resource.size())));
            pieces.add(resource.any());
        }
        pieces.add(piece(32 + typeUrl.length() + nonce.length() + controlPlane.size(), out -> {
            string(out, 4, typeUrl);
            string(out, 5, nonce);
            bytes(out, 6, controlPlane);
        }));
        return frame(typeUrl, nonce, version, pieces);
    }

    /** An incremental response: DeltaDiscoveryResponse. */
    public ResponseFrame delta(
            String typeUrl, String nonce, String version, List<Resource> changed, List<String> removed) {
        List<ByteString> pieces = new ArrayList<>(2 + 2 * changed.size());
        pieces.add(piece(version.length() + 16, out -> string(out, 1, version)));
        for (Resource resource : changed) {
            pieces.add(
                    piece(48 + 3 * resource.name().length() + resource.version().length(), out -> {
                        lengthOf(out, 2, sizeOf(resource));
                        string(out, 1, resource.version());
                        // Before field 2, so that the shared bytes end the entry.
                        string(out, 3, resource.name());
                        lengthOf(out, 2, resource.size());
                    }));
            pieces.add(resource.any());
        }
        int names = removed.stream().mapToInt(name -> 3 * name.length() + 8).sum();
        pieces.add(piece(32 + names + typeUrl.length() + nonce.length() + controlPlane.size(), out -> {
            string(out, 4, typeUrl);
            string(out, 5, nonce);
            for (String name : removed) {
                out.writeString(6, name);
            }
            bytes(out, 7, controlPlane);
        }));
        return frame(typeUrl, nonce, version, pieces);
    }

    /** Bytes that a resource takes in a delta response, without its tag: what messages are split by. */
    public static int sizeOf(Resource resource) {
        return stringSize(1, resource.version())
                + stringSize(3, resource.name())
                + CodedOutputStream.computeTagSize(2)
                + CodedOutputStream.computeUInt32SizeNoTag(resource.size())
                + resource.size();
    }

    private static ResponseFrame frame(String typeUrl, String nonce, String version, List<ByteString> pieces) {
        return new ResponseFrame(
                typeUrl,
                nonce,
                version,
                pieces,
                pieces.stream().mapToInt(ByteString::size).sum());
    }

    private static int stringSize(int field, String text) {
        return text.isEmpty() ? 0 : CodedOutputStream.computeStringSize(field, text);
    }

    private static void string(CodedOutputStream out, int field, String text) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(field, text);
        }
    }

    private static void bytes(CodedOutputStream out, int field, ByteString bytes) throws IOException {
        if (!bytes.isEmpty()) {
            out.writeBytes(field, bytes);
        }
    }

    private static void lengthOf(CodedOutputStream out, int field, int length) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
    }

    private static ByteString piece(int capacity, Writing writing) {
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

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }
}
