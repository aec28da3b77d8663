package io.flotilla.discovery;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;

/**
 * One resource, serialised once: every stream that carries it copies the same bytes.
 *
 * @param name    unique in its type
 * @param version hash of the content; equal content has equal version
 * @param any     the serialised google.protobuf.Any that holds the resource
 */
public record Resource(String name, String version, ByteString any) {
    /** Serialises a message deterministically; its version is the hash of these bytes. */
    public static Resource of(String name, Message message) {
        ByteString any = Any.pack(message, "type.googleapis.com").toByteString();
        return new Resource(name, ContentHash.of(any), any);
    }

    public int size() {
        return any.size();
    }
}
