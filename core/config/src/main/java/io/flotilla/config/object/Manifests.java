package io.flotilla.config.object;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Set;

/** What becomes of a manifest between reading and use. */
final class Manifests {
    private static final Set<Kind> CONTROLLERS =
            Set.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.REPLICA_SET);
    /** Stands for content that there is: "(hidden)" in base64. */
    private static final String HIDDEN = "KGhpZGRlbik=";

    private Manifests() {}

    /** The manifest with what old API versions let be left out: a controller selects the labels of its template. */
    static Struct completed(Kind kind, Struct manifest) {
        Struct spec = part(manifest, "spec");
        Struct labels = part(part(part(spec, "template"), "metadata"), "labels");
        boolean old = !manifest.getFieldsOrDefault("apiVersion", Value.getDefaultInstance())
                .getStringValue()
                .equals("apps/v1");
        if (!CONTROLLERS.contains(kind) || !old || spec.containsFields("selector") || labels.getFieldsCount() == 0) {
            return manifest;
        }
        Struct selector = with(Struct.getDefaultInstance(), "matchLabels", labels);
        return with(manifest, "spec", with(spec, "selector", selector));
    }

    /**
     * A Secret without its content: which keys it has stays, and whether they hold something; what goes no further than the reader. Nothing
     * behind it needs the content, and what is not held cannot be shown, logged or sent.
     */
    static Struct withoutSecrets(Kind kind, Struct manifest) {
        if (!kind.equals(Kind.SECRET)) {
            return manifest;
        }
        Struct hidden = manifest;
        for (String field : List.of("data", "stringData")) {
            if (manifest.containsFields(field)) {
                Struct.Builder keys = Struct.newBuilder();
                part(manifest, field).getFieldsMap().forEach((key, value) -> {
                    String shown = value.getStringValue().isEmpty() ? "" : HIDDEN;
                    keys.putFields(key, Value.newBuilder().setStringValue(shown).build());
                });
                hidden = with(hidden, field, keys.build());
            }
        }
        return withoutApplied(hidden);
    }

    /** kubectl leaves what it applied in an annotation, a Secret's content with it. */
    private static Struct withoutApplied(Struct manifest) {
        Struct metadata = part(manifest, "metadata");
        Struct annotations = part(metadata, "annotations");
        if (!annotations.containsFields(APPLIED)) {
            return manifest;
        }
        Struct kept = annotations.toBuilder().removeFields(APPLIED).build();
        return with(manifest, "metadata", with(metadata, "annotations", kept));
    }

    /** The annotation with which kubectl remembers what it applied. */
    static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static Struct part(Struct of, String field) {
        return of.getFieldsOrDefault(field, Value.getDefaultInstance()).getStructValue();
    }

    private static Struct with(Struct of, String field, Struct value) {
        return of.toBuilder()
                .putFields(field, Value.newBuilder().setStructValue(value).build())
                .build();
    }
}
