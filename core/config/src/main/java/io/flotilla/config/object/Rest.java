package io.flotilla.config.object;

import com.google.protobuf.Struct;

/**
 * What an object has beside its content, for others to whom it matters: kept as it is, and no part of its version.
 *
 * @param metadata finalizers, ownerReferences, generation, resourceVersion, uid, ... without the name, the namespace,
 *                 labels, annotations and the creation time, which {@link io.flotilla.config.model.Config} has
 * @param status   empty where there is none
 */
public record Rest(Struct metadata, Struct status) {
    public static final Rest NONE = new Rest(Struct.getDefaultInstance(), Struct.getDefaultInstance());
}
