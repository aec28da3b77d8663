package io.flotilla.mixer.metrics;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.mixer.MixerConfig;
import io.flotilla.mixer.audit.LoggedVerdicts;
import io.flotilla.telemetry.metric.Aggregation;
import io.flotilla.telemetry.metric.HttpPoint;
import io.flotilla.telemetry.metric.Ledger;
import io.flotilla.telemetry.metric.TcpPoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** What this process has counted of flotilla.requests. For one writer and any number of readers. */
@ApplicationScoped
public class RequestAggregator {
    private static final Logger LOG = Logger.getLogger(RequestAggregator.class);

    private final Aggregation aggregation;
    private final LoggedVerdicts verdicts;
    private final LongAdder unreadable = new LongAdder();

    RequestAggregator(MixerConfig config, LoggedVerdicts verdicts) {
        this.verdicts = verdicts;
        this.aggregation = new Aggregation(new Aggregation.Limits(
                config.telemetry().series(),
                config.telemetry().doublesWindow(),
                Aggregation.Limits.DEFAULT.connections()));
    }

    /** Counts one Kafka record. */
    void count(ConsumerRecord<String, byte[]> record) {
        try {
            RequestBatch batch = RequestBatch.parseFrom(record.value());
            synchronized (aggregation) {
                aggregation.apply(record.partition(), record.offset(), batch);
            }
            verdicts.take(batch);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // Whatever somebody wrote there, the records behind it count.
            unreadable.increment();
            LOG.warnf("flotilla.requests-%d@%d is no request batch: %s", record.partition(), record.offset(), e);
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
