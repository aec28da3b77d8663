package io.flotilla.config.object;

import com.google.protobuf.Message;
import io.flotilla.config.model.Kind;

/**
 * What is known of a kind.
 *
 * @param kind       its group and name
 * @param namespaced objects live in namespaces
 * @param shape      how its objects are read
 */
public record KindInfo(Kind kind, boolean namespaced, Shape shape) {
    /** How objects of a kind are read. */
    public sealed interface Shape {
        /** "spec" is a protobuf message, read strictly. */
        record Spec(Message prototype) implements Shape {}

        /** A manifest of Kubernetes: the whole document, as it is. */
        record Manifest() implements Shape {}

        /** Known, and not acted on by this version. */
        record NotYet() implements Shape {}
    }
}
