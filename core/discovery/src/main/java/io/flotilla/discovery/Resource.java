package io.flotilla.discovery;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;

/**
 * One resource, serialised once: every stream that carries it copies the same bytes.
 *
 * @param name    unique in its type
 * @param version hash of the content; equal content has equal version
 * @param any     the serialised google.protobuf.Any that holds the resource; empty where only the version is known
 */
public record Resource(String name, String version, ByteString any) {
    /** Serialises a message deterministically (maps by key); its version is the hash of these bytes. */
    public static Resource of(String name, Message message) {
        Any any = Any.newBuilder()
                .setTypeUrl(
                        "type.googleapis.com/" + message.getDescriptorForType().getFullName())
                .setValue(deterministic(message))
                .build();
        ByteString bytes = any.toByteString();
        return new Resource(name, ContentHash.of(bytes), bytes);
    }

    /** A resource of which a peer told only the version that it holds. */
    public static Resource told(String name, String version) {
        return new Resource(name, version, ByteString.EMPTY);
    }

    public int size() {
        return any.size();
    }

    /** Whether the content is here, not only its version. */
    public boolean hasContent() {
        return !any.isEmpty();
    }

    private static ByteString deterministic(Message message) {
        ByteString.Output bytes = ByteString.newOutput(message.getSerializedSize());
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to take bytes", e);
        }
        return bytes.toByteString();
    }
}
