package io.flotilla.service.outbox;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One record for Kafka.
 *
 * @param value null is a tombstone
 */
public record OutboxRecord(
        String topic, String key, @Nullable ByteString value) {
    /** As the outbox keeps it. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(topic);
            out.writeUTF(key);
            out.writeBoolean(value != null);
            if (value != null) {
                value.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to take bytes", e);
        }
        return bytes.toByteArray();
    }

    /** Of {@link #bytes}. */
    public static OutboxRecord of(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String topic = in.readUTF();
            String key = in.readUTF();
            return new OutboxRecord(topic, key, in.readBoolean() ? ByteString.readFrom(in) : null);
        }
    }
}
