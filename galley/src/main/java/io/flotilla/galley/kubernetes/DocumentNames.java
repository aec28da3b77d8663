package io.flotilla.galley.kubernetes;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Names of documents: "kubernetes/networking.istio.io/VirtualService/default/reviews". */
public final class DocumentNames {
    static final String ROOT = "kubernetes/";
    private static final int PARTS = 5;

    private DocumentNames() {}

    /** The object that a document holds; empty where the name is not one of these. */
    public static Optional<ObjectKey> key(String document) {
        List<String> parts = List.of(document.split("/", PARTS));
        if (!document.startsWith(ROOT) || parts.size() < PARTS - 1) {
            return Optional.empty();
        }
        Kind kind = new Kind(parts.get(1).equals("core") ? "" : parts.get(1), parts.get(2));
        return Optional.of(
                parts.size() == PARTS
                        ? ObjectKey.of(kind, parts.get(3), parts.get(4))
                        : ObjectKey.of(kind, "", parts.get(3)));
    }
}
