package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import io.flotilla.discovery.Resource;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Resources that are told in one message, to one stream or to many. What many streams say of them is put together once:
 * each of them then copies a few large pieces, not a thousand small ones.
 */
public final class Contents {
    /** No resources. */
    public static final Contents NONE = new Contents(List.of());

    private static final int PIECE_BYTES = 256 << 10;

    private final List<Resource> resources;
    private final Together delta = new Together();
    private final Together world = new Together();
    private volatile @Nullable List<String> names;

    /** @param resources what is told, in this order */
    public Contents(List<Resource> resources) {
        this.resources = resources;
    }

    /** What is told. */
    public List<Resource> resources() {
        return resources;
    }

    /** The resources' names: one list for all who ask. */
    public List<String> names() {
        List<String> known = names;
        if (known == null) {
            known = resources.stream().map(Resource::name).toList();
            names = known;
        }
        return known;
    }

    // As field "resources" of a DeltaDiscoveryResponse.
    List<ByteString> delta(Supplier<String> stamp) {
        return delta.pieces(() -> {
            List<ByteString> pieces = new ArrayList<>(resources.size());
            for (Resource resource : resources) {
                pieces.add(resource.entry(stamp));
            }
            return pieces;
        });
    }

    // As field "resources" of a DiscoveryResponse.
    List<ByteString> world() {
        return world.pieces(() -> {
            List<ByteString> pieces = new ArrayList<>(2 * resources.size());
            for (Resource resource : resources) {
                pieces.add(Pieces.piece(16, out -> Pieces.lengthOf(out, 2, resource.size())));
                pieces.add(resource.any());
            }
            return pieces;
        });
    }

    /** Nothing is kept for the first who asks, who may be the only one; and what is kept ends with who asks. */
    private static final class Together {
        private volatile @Nullable WeakReference<List<ByteString>> made;

        List<ByteString> pieces(Supplier<List<ByteString>> single) {
            WeakReference<List<ByteString>> before = made;
            List<ByteString> known = before == null ? null : before.get();
            if (known != null) {
                return known;
            }
            List<ByteString> pieces = single.get();
            if (before != null) {
                pieces = joined(pieces);
            }
            made = new WeakReference<>(before == null ? null : pieces);
            return pieces;
        }

        private static List<ByteString> joined(List<ByteString> pieces) {
            List<ByteString> joined = new ArrayList<>();
            int from = 0;
            while (from < pieces.size()) {
                int to = from;
                int size = 0;
                while (to < pieces.size()
                        && (to == from || size + pieces.get(to).size() <= PIECE_BYTES)) {
                    size += pieces.get(to++).size();
                }
                joined.add(to == from + 1 ? pieces.get(from) : Pieces.joined(pieces.subList(from, to), size));
                from = to;
            }
            return joined;
        }
    }
}
