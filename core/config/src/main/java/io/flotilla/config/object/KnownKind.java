package io.flotilla.config.object;

import com.google.protobuf.Message;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.KindInfo.Shape;
import java.util.List;

/**
 * A kind under the versions of one API group: what each class of kinds adds to the {@link KindCatalog}.
 *
 * @param info     the kind
 * @param group    in which these versions are; where a kind moved between groups, it is known once for each
 * @param versions newest last
 */
record KnownKind(KindInfo info, String group, List<String> versions) {
    KnownKind {
        versions = List.copyOf(versions);
    }

    /** A kind with namespaces whose "spec" is a message. */
    static KnownKind spec(Kind kind, Message prototype, String... versions) {
        return new KnownKind(new KindInfo(kind, true, new Shape.Spec(prototype)), kind.group(), List.of(versions));
    }

    /** A kind without namespaces whose "spec" is a message. */
    static KnownKind clusterSpec(Kind kind, Message prototype, String... versions) {
        return new KnownKind(new KindInfo(kind, false, new Shape.Spec(prototype)), kind.group(), List.of(versions));
    }

    /** A kind with namespaces that is read as it is written. */
    static KnownKind manifest(Kind kind, String... versions) {
        return new KnownKind(new KindInfo(kind, true, new Shape.Manifest()), kind.group(), List.of(versions));
    }

    /** A kind without namespaces that is read as it is written. */
    static KnownKind clusterManifest(Kind kind, String... versions) {
        return new KnownKind(new KindInfo(kind, false, new Shape.Manifest()), kind.group(), List.of(versions));
    }

    /** The same kind under an older group. */
    KnownKind alsoIn(String olderGroup, String... olderVersions) {
        return new KnownKind(info, olderGroup, List.of(olderVersions));
    }

    /** "networking.istio.io/v1", or "v1" for the core group. */
    List<String> apiVersions() {
        return versions.stream()
                .map(version -> group.isEmpty() ? version : group + "/" + version)
                .toList();
    }
}
