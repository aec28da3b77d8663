package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/** Writes MeshConfigResponse of istio.mcp.v1alpha1, the form of Istio 1.0, which knows no differences. */
public final class MeshConfigEncoder implements Framing {
    private static final int RESOURCES = 2;

    @Override
    public ResponseFrame world(String collection, String nonce, String version, Contents contents) {
        List<ByteString> pieces = new ArrayList<>(2 + 2 * contents.resources().size());
        pieces.add(Pieces.piece(version.length() + 16, out -> Pieces.string(out, 1, version)));
        contents.resources().forEach(resource -> McpEncoder.add(pieces, RESOURCES, resource));
        pieces.add(Pieces.piece(32 + 3 * collection.length() + nonce.length(), out -> {
            Pieces.string(out, 3, collection);
            Pieces.string(out, 4, nonce);
        }));
        return Pieces.frame(collection, nonce, version, pieces);
    }

    @Override
    public ResponseFrame delta(
            String collection, String nonce, String version, Contents changed, List<String> removed) {
        throw new IllegalStateException("a MeshConfigResponse is never incremental");
    }
}
