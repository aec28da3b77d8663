package io.flotilla.mixer.status;

import io.flotilla.mixer.Mixer;
import io.flotilla.mixer.access.StreamTotals;
import io.flotilla.mixer.audit.Audit;
import io.flotilla.mixer.audit.AuditTrail;
import io.flotilla.mixer.audit.LoggedVerdicts;
import io.flotilla.mixer.metrics.RequestAggregator;
import io.flotilla.mixer.outbox.KafkaSender;
import io.flotilla.mixer.outbox.Outbox;
import io.flotilla.mixer.proxy.ProxyLedger;
import io.flotilla.mixer.proxy.ProxyTotals;
import io.flotilla.mixer.span.SpanSender;
import io.flotilla.mixer.span.SpanTotals;
import io.flotilla.telemetry.metric.Ledger;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** GET /debug/ledger on the management port: what was taken in, counted and lost, by this process. */
@ApplicationScoped
class LedgerEndpoint {
    private final Mixer mixer;
    private final KafkaSender sender;
    private final RequestAggregator aggregator;
    private final SpanSender spans;
    private final ProxyLedger proxies;
    private final Audit audit;
    private final LoggedVerdicts verdicts;

    LedgerEndpoint(
            Mixer mixer,
            KafkaSender sender,
            RequestAggregator aggregator,
            SpanSender spans,
            ProxyLedger proxies,
            Audit audit,
            LoggedVerdicts verdicts) {
        this.mixer = mixer;
        this.sender = sender;
        this.aggregator = aggregator;
        this.spans = spans;
        this.proxies = proxies;
        this.audit = audit;
        this.verdicts = verdicts;
    }

    void route(@Observes Router router) {
        router.get("/debug/ledger").handler(request -> request.json(ledger()));
    }

    private JsonObject ledger() {
        return new JsonObject()
                .put("kafka", sender.kafkaIsAway() ? "away" : "there")
                .put("registry", mixer.registryState())
                .put("streams", streams(mixer.streams()))
                .put("records", records(mixer.outbox().totals()))
                .put("aggregated", aggregated(aggregator.ledger()))
                .put("proxies", proxies(proxies.totals()))
                .put("audit", audit(audit.trail().totals()))
                .put("spans", spans(spans.totals()));
    }

    private JsonObject audit(AuditTrail.Totals totals) {
        JsonObject refused = new JsonObject();
        totals.refused().forEach((why, count) -> {
            if (count > 0) {
                refused.put(why.label(), count);
            }
        });
        return new JsonObject()
                .put("confirmed", totals.confirmed())
                .put("spooled", totals.spooled())
                .put("permitted", totals.permitted())
                .put("refused", totals.allRefused())
                .put("refusedBy", refused)
                .put("beingKept", audit.trail().waiting())
                .put("waitingBytes", audit.waiting())
                .put("fromAccessLogs", verdicts.written());
    }

    private static JsonObject streams(StreamTotals totals) {
        return new JsonObject()
                .put("open", totals.open())
                .put("opened", totals.allOpened())
                .put("lost", totals.lost())
                .put("refused", totals.allRefused())
                .put("messages", totals.messages())
                .put("unreadableEntries", totals.allUnreadable());
    }

    private static JsonObject records(Outbox.Totals totals) {
        return new JsonObject()
                .put("accepted", totals.accepted())
                .put("written", totals.written())
                .put("dropped", totals.dropped())
                .put("queuedBytes", totals.queuedBytes())
                .put("queuedBatches", totals.queuedBatches());
    }

    private JsonObject aggregated(Ledger ledger) {
        return new JsonObject()
                .put("requests", ledger.requests())
                .put("tcp", ledger.tcp())
                .put("doubles", ledger.doubles())
                .put("probes", ledger.probes())
                .put("overflowed", ledger.overflowed())
                .put("droppedByWriters", ledger.dropped())
                .put("replayedBatches", ledger.replayed())
                .put("unwanted", ledger.unwanted())
                .put("unreadableBatches", aggregator.unreadable());
    }

    private static JsonObject proxies(ProxyTotals totals) {
        return new JsonObject()
                .put("written", totals.written())
                .put("dropped", totals.dropped())
                .put("asked", totals.asked())
                .put("silent", totals.silent());
    }

    private static JsonObject spans(SpanTotals totals) {
        return new JsonObject()
                .put("received", totals.received())
                .put("written", totals.written())
                .put("dropped", totals.dropped());
    }
}
