package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.StateVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes DiscoveryResponse and DeltaDiscoveryResponse (envoy.service.discovery.v3) around resources that are already
 * serialised: their bytes are referred to, never copied. Field order is that of the field numbers.
 */
public final class FrameEncoder implements Framing {
    private final ByteString controlPlane;
    private final boolean stamps;
    private volatile Stamped stamped = new Stamped("", "");

    /** Versions of resources without stamps. */
    public FrameEncoder(String identifier) {
        this(identifier, false);
    }

    /**
     * @param identifier what responses say in control_plane, or the empty string for nothing
     * @param stamps     whether versions of resources tell as of when they were sent first, so that a client that comes
     *                   to another replica tells how new its configuration is
     */
    public FrameEncoder(String identifier, boolean stamps) {
        this.stamps = stamps;
        controlPlane = identifier.isEmpty()
                ? ByteString.EMPTY
                : ControlPlane.newBuilder().setIdentifier(identifier).build().toByteString();
    }

    /** A state of the world response: DiscoveryResponse. */
    @Override
    public ResponseFrame world(String typeUrl, String nonce, String version, Contents contents) {
        List<ByteString> pieces = new ArrayList<>();
        pieces.add(Pieces.piece(version.length() + 16, out -> Pieces.string(out, 1, version)));
        pieces.addAll(contents.world());
        pieces.add(Pieces.piece(32 + typeUrl.length() + nonce.length() + controlPlane.size(), out -> {
            Pieces.string(out, 4, typeUrl);
            Pieces.string(out, 5, nonce);
            Pieces.bytes(out, 6, controlPlane);
        }));
        return Pieces.frame(typeUrl, nonce, version, pieces);
    }

    /** An incremental response: DeltaDiscoveryResponse. */
    @Override
    public ResponseFrame delta(String typeUrl, String nonce, String version, Contents changed, List<String> removed) {
        List<ByteString> pieces = new ArrayList<>();
        pieces.add(Pieces.piece(version.length() + 16, out -> Pieces.string(out, 1, version)));
        pieces.addAll(changed.delta(() -> stamps ? stamp(version) : ""));
        int names = removed.stream().mapToInt(name -> 3 * name.length() + 8).sum();
        pieces.add(Pieces.piece(32 + names + typeUrl.length() + nonce.length() + controlPlane.size(), out -> {
            Pieces.string(out, 4, typeUrl);
            Pieces.string(out, 5, nonce);
            for (String name : removed) {
                out.writeString(6, name);
            }
            Pieces.bytes(out, 7, controlPlane);
        }));
        return Pieces.frame(typeUrl, nonce, version, pieces);
    }

    /** Bytes that a resource takes in a delta response: what messages are split by. */
    public static int sizeOf(Resource resource) {
        return resource.entrySize();
    }

    // A change is told to all streams as of the same version.
    private String stamp(String version) {
        Stamped last = stamped;
        if (last.version.equals(version)) {
            return last.stamp;
        }
        String stamp = StateVersion.parse(version)
                .map(state -> Long.toString(state.generation().stamp(), Character.MAX_RADIX))
                .orElse("");
        stamped = new Stamped(version, stamp);
        return stamp;
    }

    private record Stamped(String version, String stamp) {}
}
