package io.flotilla.config.expression;

import io.flotilla.api.policy.v1beta1.AttributeManifest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The attributes that expressions may name, and their types. Immutable. */
public final class Vocabulary {
    private static final Vocabulary STANDARD = new Vocabulary(StandardAttributes.all());

    private final Map<String, ExpressionType> types;

    private Vocabulary(Map<String, ExpressionType> types) {
        this.types = Collections.unmodifiableMap(new TreeMap<>(types));
    }

    /** What the proxy reports and the adapter for Kubernetes adds: the manifests "istioproxy" and "kubernetes". */
    public static Vocabulary standard() {
        return STANDARD;
    }

    /** Nothing but these. */
    public static Vocabulary of(Map<String, ExpressionType> types) {
        return new Vocabulary(types);
    }

    /** With what a manifest declares; a later manifest wins over an earlier one. */
    public Vocabulary with(AttributeManifest manifest) {
        Map<String, ExpressionType> more = new TreeMap<>();
        manifest.getAttributesMap()
                .forEach(
                        (name, info) -> ExpressionType.of(info.getValueType()).ifPresent(type -> more.put(name, type)));
        return with(more);
    }

    public Vocabulary with(Map<String, ExpressionType> more) {
        Map<String, ExpressionType> both = new TreeMap<>(types);
        both.putAll(more);
        return new Vocabulary(both);
    }

    public Optional<ExpressionType> type(String attribute) {
        return Optional.ofNullable(types.get(attribute));
    }

    /** The names of all, sorted. */
    public Set<String> names() {
        return types.keySet();
    }
}
