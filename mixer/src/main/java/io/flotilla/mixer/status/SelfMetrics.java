package io.flotilla.mixer.status;

import io.flotilla.mixer.Mixer;
import io.flotilla.mixer.access.StreamTotals;
import io.flotilla.mixer.audit.Audit;
import io.flotilla.mixer.audit.AuditTrail;
import io.flotilla.mixer.metrics.RequestAggregator;
import io.flotilla.mixer.outbox.KafkaSender;
import io.flotilla.mixer.outbox.Outbox;
import io.flotilla.mixer.proxy.ProxyLedger;
import io.flotilla.mixer.span.SpanSender;
import io.flotilla.telemetry.metric.Ledger;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Mixer's metrics of itself, on the management port. */
@ApplicationScoped
class SelfMetrics {
    private final MeterRegistry meters;
    private final String version;
    private final List<Meter> registered = new ArrayList<>();

    SelfMetrics(MeterRegistry meters, @ConfigProperty(name = "quarkus.application.version") Optional<String> version) {
        this.meters = meters;
        this.version = version.orElse("development");
    }

    void register(
            @Observes StartupEvent event,
            Mixer mixer,
            KafkaSender sender,
            RequestAggregator aggregator,
            SpanSender spans,
            ProxyLedger proxies,
            Audit audit) {
        // Istio's dashboards list components by it.
        registered.add(Gauge.builder("istio.build", () -> 1)
                .description("The component and its version")
                .tag("component", "mixer")
                .tag("tag", version)
                .register(meters));
        streams(mixer.streams());
        records(mixer, sender);
        counting(aggregator);
        gauge(
                "proxies.dropped",
                "Entries that proxies dropped themselves",
                proxies,
                it -> it.totals().dropped());
        audit(audit);
        counter("spans.received", "Spans taken in", spans, it -> it.totals().received());
        counter("spans.dropped", "Spans thrown away", spans, it -> it.totals().dropped());
    }

    private void streams(StreamTotals streams) {
        gauge("streams", "Open access log streams", streams, StreamTotals::open);
        counter("streams.lost", "Access log streams that broke off", streams, StreamTotals::lost);
        counter("streams.refused", "Access log streams of the wrong peers", streams, StreamTotals::allRefused);
    }

    private void records(Mixer mixer, KafkaSender sender) {
        records(mixer, "records.accepted", "Request records taken in", Outbox.Totals::accepted);
        records(mixer, "records.written", "Request records that Kafka has", Outbox.Totals::written);
        records(mixer, "records.dropped", "Request records thrown away", Outbox.Totals::dropped);
        gauge(
                "queue.bytes",
                "Request records on their way to Kafka",
                mixer,
                it -> it.outbox().totals().queuedBytes());
        gauge("kafka.away", "1 while Kafka takes nothing", sender, it -> it.kafkaIsAway() ? 1 : 0);
    }

    private void records(Mixer mixer, String name, String help, ToDoubleFunction<Outbox.Totals> value) {
        counter(name, help, mixer, it -> value.applyAsDouble(it.outbox().totals()));
    }

    private void counting(RequestAggregator aggregator) {
        counted(aggregator, "requests.counted", "HTTP records counted", Ledger::requests);
        counted(aggregator, "tcp.counted", "TCP records counted", Ledger::tcp);
        counted(aggregator, "doubles", "Records that came twice", Ledger::doubles);
        counted(aggregator, "series.overflowed", "Records without their labels", Ledger::overflowed);
    }

    private void counted(RequestAggregator aggregator, String name, String help, ToDoubleFunction<Ledger> value) {
        counter(name, help, aggregator, it -> value.applyAsDouble(it.ledger()));
    }

    private void audit(Audit audit) {
        kept(
                audit,
                "audit.confirmed",
                "Requests whose record Kafka had before they went on",
                AuditTrail.Totals::confirmed);
        kept(
                audit,
                "audit.spooled",
                "Requests whose record the disk had before they went on",
                AuditTrail.Totals::spooled);
        kept(
                audit,
                "audit.permitted",
                "Requests that went on although no record could be kept",
                AuditTrail.Totals::permitted);
        for (AuditTrail.Refusal why : AuditTrail.Refusal.values()) {
            registered.add(FunctionCounter.builder(
                            "flotilla.mixer.audit.refused",
                            audit,
                            it -> it.trail().totals().refused().getOrDefault(why, 0L))
                    .description("Requests of which no record could be kept")
                    .tag("reason", why.label())
                    .register(meters));
        }
        registered.add(FunctionTimer.builder(
                        "flotilla.mixer.audit.keeping",
                        audit,
                        it -> it.trail().totals().all(),
                        it -> it.trail().totals().keepingNanos(),
                        TimeUnit.NANOSECONDS)
                .description("How long requests waited for their record")
                .register(meters));
        counter("audit.forces", "How often the disk was made to have what waits for Kafka", audit, Audit::forces);
        gauge(
                "audit.waiting",
                "Records that are being kept",
                audit,
                it -> it.trail().waiting());
        gauge("audit.waiting.bytes", "Records on disk that wait for Kafka", audit, Audit::waiting);
    }

    private void kept(Audit audit, String name, String help, ToDoubleFunction<AuditTrail.Totals> value) {
        counter(name, help, audit, it -> value.applyAsDouble(it.trail().totals()));
    }

    /** The registry outlives this application where several run in one process, one after another. */
    void unregister(@Observes ShutdownEvent event) {
        registered.forEach(meters::remove);
    }

    private <T> void counter(String name, String help, T source, ToDoubleFunction<T> value) {
        registered.add(FunctionCounter.builder("flotilla.mixer." + name, source, value)
                .description(help)
                .register(meters));
    }

    private <T> void gauge(String name, String help, T source, ToDoubleFunction<T> value) {
        registered.add(Gauge.builder("flotilla.mixer." + name, source, value)
                .description(help)
                .register(meters));
    }
}
