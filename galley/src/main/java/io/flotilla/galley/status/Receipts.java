package io.flotilla.galley.status;

import com.google.protobuf.Struct;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.state.Publisher;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The condition "Reconciled" of Istio's objects: whether all proxies have accepted the object, as Pilots report. Nothing
 * is said of it before some Pilot has reported.
 */
@ApplicationScoped
public class Receipts implements StatusReporter {
    private static final String ISTIO = ".istio.io";
    private static final int MAX_MESSAGE = 8_000;

    private final Distribution distribution = new Distribution();
    private volatile Sink sink = news -> {};
    private boolean reported;

    /** Gets what is new to be said of objects. */
    interface Sink {
        void received(Map<ObjectKey, Struct> statuses);
    }

    void to(Sink other) {
        sink = other;
    }

    /** Takes note of a change: before anybody asks for {@link #statuses}. */
    synchronized void published(Publisher.Outcome outcome) {
        List<ObjectKey> changed = outcome.changed().stream()
                .map(Config::key)
                .filter(Receipts::isOurs)
                .filter(key -> outcome.held().store().object(key).isPresent())
                .toList();
        distribution.published(changed, outcome.removed(), outcome.held().view().generation());
    }

    @Override
    public synchronized Map<ObjectKey, Struct> statuses(Publisher.Outcome outcome) {
        if (!reported) {
            return Map.of();
        }
        Map<ObjectKey, Struct> statuses = new TreeMap<>();
        outcome.changed().stream()
                .map(Config::key)
                .forEach(key -> distribution.receipt(key).ifPresent(receipt -> statuses.put(key, status(receipt))));
        return statuses;
    }

    /** A Pilot says where its proxies stand. */
    public void reported(DistributionReport report) {
        Map<ObjectKey, Struct> news;
        synchronized (this) {
            reported = true;
            news = statuses(distribution.reported(report));
        }
        sink.received(news);
    }

    /** A Pilot is gone. */
    public void gone(String reporter) {
        Map<ObjectKey, Struct> news;
        synchronized (this) {
            news = statuses(distribution.gone(reporter));
        }
        sink.received(news);
    }

    private static boolean isOurs(ObjectKey key) {
        return key.kind().group().endsWith(ISTIO);
    }

    private static Map<ObjectKey, Struct> statuses(Map<ObjectKey, Distribution.Receipt> receipts) {
        Map<ObjectKey, Struct> statuses = new TreeMap<>();
        receipts.forEach((object, receipt) -> statuses.put(object, status(receipt)));
        return statuses;
    }

    static Struct status(Distribution.Receipt receipt) {
        String message = receipt.message().length() > MAX_MESSAGE
                ? receipt.message().substring(0, MAX_MESSAGE)
                : receipt.message();
        return switch (receipt.state()) {
            case PENDING -> Conditions.of("Reconciled", "Unknown", "Pending", message);
            case DISTRIBUTED -> Conditions.of("Reconciled", "True", "Reconciled", message);
            case REFUSED -> Conditions.of("Reconciled", "False", "Refused", message);
        };
    }

    /** What is known of one object; empty before any Pilot has reported, and of objects of other kinds. */
    public synchronized Optional<JsonObject> json(ObjectKey object) {
        return reported ? distribution.receipt(object).map(Receipts::json) : Optional.empty();
    }

    /** All of it, for people: who reports, and what has not reached every proxy. */
    public synchronized JsonObject json() {
        JsonArray reporters = new JsonArray();
        Collection<DistributionReport> reports = distribution.reports();
        reports.forEach(report -> {
            JsonArray lags = new JsonArray();
            report.getLagsList()
                    .forEach(lag -> lags.add(
                            new JsonObject().put("proxy", lag.getProxy()).put("generation", lag.getGeneration())));
            reporters.add(new JsonObject()
                    .put("reporter", report.getReporter())
                    .put("generation", report.getGeneration())
                    .put("proxies", report.getProxies())
                    .put("lagging", report.getLagging())
                    .put("lags", lags));
        });
        JsonArray objects = new JsonArray();
        distribution
                .receipts()
                .forEach((object, receipt) -> objects.add(json(receipt).put("object", object.toString())));
        return new JsonObject().put("reporters", reporters).put("objects", objects);
    }

    private static JsonObject json(Distribution.Receipt receipt) {
        return new JsonObject().put("state", receipt.state().name()).put("message", receipt.message());
    }
}
