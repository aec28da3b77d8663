package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.flotilla.discovery.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes Resources of istio.mcp.v1alpha1. Its resources are the envelopes themselves, so what is sent is the inside of
 * each resource's Any; type URLs are collection names.
 */
public final class McpEncoder implements Framing {
    private static final int RESOURCES = 3;

    @Override
    public ResponseFrame world(String collection, String nonce, String version, Contents contents) {
        return response(collection, nonce, version, contents.resources(), List.of(), false);
    }

    @Override
    public ResponseFrame delta(
            String collection, String nonce, String version, Contents changed, List<String> removed) {
        return response(collection, nonce, version, changed.resources(), removed, true);
    }

    private static ResponseFrame response(
            String collection,
            String nonce,
            String version,
            List<Resource> resources,
            List<String> removed,
            boolean incremental) {
        List<ByteString> pieces = new ArrayList<>(2 + 2 * resources.size());
        pieces.add(Pieces.piece(version.length() + 3 * collection.length() + 16, out -> {
            Pieces.string(out, 1, version);
            Pieces.string(out, 2, collection);
        }));
        resources.forEach(resource -> add(pieces, RESOURCES, resource));
        int names = removed.stream().mapToInt(name -> 3 * name.length() + 8).sum();
        pieces.add(Pieces.piece(32 + names + nonce.length(), out -> {
            for (String name : removed) {
                out.writeString(4, name);
            }
            Pieces.string(out, 5, nonce);
            if (incremental) {
                out.writeBool(6, true);
            }
        }));
        return Pieces.frame(collection, nonce, version, pieces);
    }

    static void add(List<ByteString> pieces, int field, Resource resource) {
        ByteString envelope = envelope(resource.any());
        pieces.add(Pieces.piece(16, out -> Pieces.lengthOf(out, field, envelope.size())));
        pieces.add(envelope);
    }

    /** The value of a serialised Any: a view on its bytes. */
    static ByteString envelope(ByteString any) {
        try {
            CodedInputStream in = any.newCodedInput();
            in.enableAliasing(true);
            ByteString value = ByteString.EMPTY;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (2 << 3 | 2)) {
                    value = in.readBytes();
                } else if (!in.skipField(tag)) {
                    break;
                }
            }
            return value;
        } catch (IOException e) {
            throw new IllegalStateException("a resource is no serialised Any: " + e.getMessage(), e);
        }
    }
}
