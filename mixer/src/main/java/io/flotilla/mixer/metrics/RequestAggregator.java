package io.flotilla.mixer.metrics;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.mixer.MixerConfig;
import io.flotilla.telemetry.metric.Aggregation;
import io.flotilla.telemetry.metric.HttpPoint;
import io.flotilla.telemetry.metric.Ledger;
import io.flotilla.telemetry.metric.TcpPoint;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Counts what is on flotilla.requests, as one of a group of consumers. A poll's records are counted before its offsets
 * can be committed; an offset that was counted here is not counted here again.
 */
@ApplicationScoped
public class RequestAggregator {
    private static final Logger LOG = Logger.getLogger(RequestAggregator.class);

    private final Aggregation aggregation;
    private final LongAdder unreadable = new LongAdder();

    RequestAggregator(MixerConfig config) {
        this.aggregation = new Aggregation(new Aggregation.Limits(
                config.telemetry().series(),
                config.telemetry().doublesWindow(),
                Aggregation.Limits.DEFAULT.connections()));
    }

    /** One poll's records. */
    @Incoming("requests-in")
    @Blocking
    void count(ConsumerRecords<String, byte[]> records) {
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                RequestBatch batch = RequestBatch.parseFrom(record.value());
                synchronized (aggregation) {
                    aggregation.apply(record.partition(), record.offset(), batch);
                }
            } catch (InvalidProtocolBufferException | RuntimeException e) {
                // Whatever somebody wrote there, the records behind it count.
                unreadable.increment();
                LOG.warnf("flotilla.requests-%d@%d is no request batch: %s", record.partition(), record.offset(), e);
            }
        }
    }

    void assigned(int partition, long endOffset) {
        synchronized (aggregation) {
            aggregation.assigned(partition, endOffset);
        }
    }

    List<HttpPoint> http() {
        synchronized (aggregation) {
            return aggregation.http();
        }
    }

    List<TcpPoint> tcp() {
        synchronized (aggregation) {
            return aggregation.tcp();
        }
    }

    /** What became of all records read. */
    public Ledger ledger() {
        synchronized (aggregation) {
            return aggregation.ledger();
        }
    }

    /** Kafka records that are no request batches. */
    public long unreadable() {
        return unreadable.sum();
    }
}
