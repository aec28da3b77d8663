package io.flotilla.mixer.span;

import com.google.protobuf.ByteString;
import io.flotilla.api.events.v1.SpanBatch;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Carries spans to topic flotilla.spans. Spans are a sample anyway: what Kafka does not take at once is dropped. */
@ApplicationScoped
public class SpanSender {
    private static final int AT_ONCE = 1_024;

    private final Emitter<byte[]> emitter;
    private final AtomicInteger onTheWay = new AtomicInteger();
    private final LongAdder received = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    SpanSender(
            @Channel("spans-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 2 * AT_ONCE)
                    Emitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    void send(String traceId, JsonArray spans) {
        received.add(spans.size());
        if (onTheWay.incrementAndGet() > AT_ONCE) {
            ended(dropped, spans.size());
            return;
        }
        byte[] value = SpanBatch.newBuilder()
                .setTraceId(traceId)
                .setZipkinJson(ByteString.copyFrom(spans.toBuffer().getBytes()))
                .build()
                .toByteArray();
        try {
            emitter.send(Message.of(
                            value,
                            () -> acknowledged(written, spans.size()),
                            problem -> acknowledged(dropped, spans.size()))
                    .addMetadata(OutgoingKafkaRecordMetadata.builder()
                            .withKey(traceId)
                            .build()));
        } catch (IllegalStateException e) {
            ended(dropped, spans.size());
        }
    }

    public SpanTotals totals() {
        return new SpanTotals(received.sum(), written.sum(), dropped.sum());
    }

    private CompletableFuture<Void> acknowledged(LongAdder counter, int spans) {
        ended(counter, spans);
        return CompletableFuture.completedFuture(null);
    }

    private void ended(LongAdder counter, int spans) {
        onTheWay.decrementAndGet();
        counter.add(spans);
    }
}
