package io.flotilla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.SpanBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * What earlier versions wrote to Kafka is read as it was meant. The bytes are never made anew: a new field gets a new
 * file.
 */
class EventBytesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/events");

    @Test
    void readsAndWritesTheRequestBatchOfVersionOne() throws IOException {
        sameMeaning("request-batch-1", RequestBatch.newBuilder());
    }

    @Test
    void readsAndWritesTheDecisionsOfTheSameVersion() throws IOException {
        sameMeaning("request-batch-2", RequestBatch.newBuilder());
    }

    @Test
    void readsAndWritesTheAuditEventOfVersionOne() throws IOException {
        sameMeaning("audit-event-1", AuditEvent.newBuilder());
    }

    @Test
    void readsAndWritesTheSpanBatchOfVersionOne() throws IOException {
        sameMeaning("span-batch-1", SpanBatch.newBuilder());
    }

    private static void sameMeaning(String name, Message.Builder message) throws IOException {
        Message.Builder meant = message.clone();
        TextFormat.merge(Files.readString(GOLDEN.resolve(name + ".txtpb")), meant);
        ByteString bytes = ByteString.copyFrom(HexFormat.of()
                .parseHex(Files.readString(GOLDEN.resolve(name + ".hex"), StandardCharsets.US_ASCII)
                        .replaceAll("\\s", "")));

        assertThat(message.mergeFrom(bytes).build()).isEqualTo(meant.build());
        assertThat(meant.build().toByteString()).isEqualTo(bytes);
    }
}
