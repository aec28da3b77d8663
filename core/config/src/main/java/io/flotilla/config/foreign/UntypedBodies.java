package io.flotilla.config.foreign;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.config.feed.Collections.Collection;
import io.flotilla.config.schema.MessageWriter;
import io.flotilla.config.schema.Structs;
import io.flotilla.config.yaml.YamlNode;

/**
 * Envelopes of Mixer's own kinds as the classic protocol has them: their body is what stood in "spec", as
 * google.protobuf.Struct, since Galley of Istio 1.1 knew no messages of adapters and templates. Fields have their names
 * of JSON. Pure.
 */
public final class UntypedBodies {
    private UntypedBodies() {}

    /** The same envelope with a Struct in the place of the message of its collection. */
    public static Resource untyped(Collection collection, Resource typed) {
        try {
            Message spec = collection
                    .message()
                    .getParserForType()
                    .parseFrom(typed.getBody().getValue());
            Struct struct = MessageWriter.write(spec) instanceof YamlNode.Mapping mapping
                    ? Structs.struct(mapping)
                    : Struct.getDefaultInstance();
            return typed.toBuilder().setBody(Any.pack(struct)).build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "what is served as " + collection.typeUrl() + " is none: "
                            + typed.getMetadata().getName(),
                    e);
        }
    }
}
