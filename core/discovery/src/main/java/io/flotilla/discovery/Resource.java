package io.flotilla.discovery;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One resource, serialised once: every stream that carries it copies the same bytes. Immutable to the outside; resources
 * of equal name, version and bytes are equal.
 */
public final class Resource {
    private static final int NAME = 3;
    private static final int VERSION = 1;
    private static final int CONTENT = 2;
    private static final int RESOURCES = 2;
    private static final int OVERHEAD = 16;
    private static final char STAMPED = '@';

    private final String name;
    private final String version;
    // Once there is an entry, a view on its end, so that the content is in memory once.
    private volatile ByteString any;
    private volatile @Nullable ByteString entry;

    /**
     * @param name    unique in its type
     * @param version hash of the content; equal content has equal version
     * @param any     the serialised google.protobuf.Any that holds the resource; empty where only the version is known
     */
    public Resource(String name, String version, ByteString any) {
        this.name = name;
        this.version = version;
        this.any = any;
    }

    /** Serialises a message deterministically (maps by key); its version is the hash of these bytes. */
    public static Resource of(String name, Message message) {
        ByteString any = serialized(message);
        return new Resource(name, ContentHash.of(any), any);
    }

    /** Serialises a message deterministically (maps by key), under a version that somebody else knows. */
    public static Resource of(String name, String version, Message message) {
        return new Resource(name, version, serialized(message));
    }

    /** A resource of which a peer told only the version that it holds. */
    public static Resource told(String name, String version) {
        return new Resource(name, version, ByteString.EMPTY);
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    public ByteString any() {
        return any;
    }

    public int size() {
        return any.size();
    }

    /** Whether the content is here, not only its version. */
    public boolean hasContent() {
        return !any.isEmpty();
    }

    /** The same without a stamp. */
    public ByteString entry() {
        return entry(() -> "");
    }

    /**
     * Field {@code resources} of a DeltaDiscoveryResponse with this resource in it: made once for all streams.
     *
     * @param stamp goes with the version to those who receive it; that of the first who asks is taken
     */
    public ByteString entry(Supplier<String> stamp) {
        ByteString known = entry;
        if (known == null) {
            String text = stamp.get();
            known = makeEntry(text.isEmpty() ? version : version + STAMPED + text);
            any = known.substring(known.size() - any.size());
            entry = known;
        }
        return known;
    }

    /** Bytes that it takes in a delta response, but for a stamp. */
    public int entrySize() {
        ByteString known = entry;
        return known == null ? any.size() + name.length() + version.length() + OVERHEAD : known.size();
    }

    /** What was told of a version, without its stamp. */
    public static String withoutStamp(String told) {
        int at = told.lastIndexOf(STAMPED);
        return at < 0 ? told : told.substring(0, at);
    }

    /** The stamp of a version that was told; 0 where it has none. */
    public static long stamp(String told) {
        int at = told.lastIndexOf(STAMPED);
        try {
            return at < 0 ? 0 : Long.parseLong(told.substring(at + 1), Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The same of what is not a string yet. */
    public static Utf8 withoutStamp(Utf8 told) {
        return told.before(STAMPED);
    }

    private ByteString makeEntry(String version) {
        ByteString content = any;
        int inner = (version.isEmpty() ? 0 : CodedOutputStream.computeStringSize(VERSION, version))
                + (name.isEmpty() ? 0 : CodedOutputStream.computeStringSize(NAME, name))
                + CodedOutputStream.computeBytesSize(CONTENT, content);
        byte[] bytes = new byte
                [CodedOutputStream.computeTagSize(RESOURCES) + CodedOutputStream.computeUInt32SizeNoTag(inner) + inner];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeTag(RESOURCES, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(inner);
            if (!version.isEmpty()) {
                out.writeString(VERSION, version);
            }
            if (!name.isEmpty()) {
                // Before field 2, so that the content ends the entry.
                out.writeString(NAME, name);
            }
            out.writeBytes(CONTENT, content);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to take bytes", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    // A google.protobuf.Any with this message, written once into memory of its size.
    private static ByteString serialized(Message message) {
        String type = "type.googleapis.com/" + message.getDescriptorForType().getFullName();
        int content = message.getSerializedSize();
        int size = CodedOutputStream.computeStringSize(Any.TYPE_URL_FIELD_NUMBER, type)
                + (content == 0 ? 0 : CodedOutputStream.computeMessageSize(Any.VALUE_FIELD_NUMBER, message));
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            out.writeString(Any.TYPE_URL_FIELD_NUMBER, type);
            if (content > 0) {
                out.writeMessage(Any.VALUE_FIELD_NUMBER, message);
            }
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to take bytes", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Resource resource
                        && name.equals(resource.name)
                        && version.equals(resource.version)
                        && any.equals(resource.any));
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, version);
    }

    @Override
    public String toString() {
        return name + "@" + version + " (" + size() + " bytes)";
    }
}
