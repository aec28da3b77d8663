package io.flotilla.galley.history;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.ConfigChange;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.foreign.RegistryEntries;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.Document;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.View;
import io.flotilla.galley.state.Publisher;
import io.flotilla.service.outbox.OutboxRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one outcome is in records: pure. Endpoints and workloads, which come and go all the time, have a log apart. */
final class Changes {
    private final String writer;

    /** @param writer names this run of Galley */
    Changes(String writer) {
        this.writer = writer;
    }

    /** @param before what was served before the outcome; null for nothing */
    List<OutboxRecord> records(@Nullable View before, Publisher.Outcome outcome) {
        Map<String, Map.Entry<Document, Optional<String>>> documents = new HashMap<>();
        outcome.documents().forEach((document, text) -> documents.put(document.name(), Map.entry(document, text)));
        String only = onlySource(outcome);
        List<OutboxRecord> records = new ArrayList<>();
        for (Config<?> config : outcome.changed()) {
            String old = version(before, config.key());
            if (old.equals(config.version())) {
                continue;
            }
            var told = documents.get(config.origin().file());
            ConfigChange change = change(config.key(), outcome, old)
                    .setObject(Envelopes.wrap(config))
                    .setAfterVersion(config.version())
                    .setSource(told == null ? only : told.getKey().source())
                    .setWho(Who.changed(
                                    config.annotations(),
                                    told == null ? "" : told.getValue().orElse(""))
                            .orElse(
                                    told == null
                                            ? fallback(only)
                                            : told.getKey().source()))
                    .build();
            add(records, config.key(), change, config.origin().toString());
        }
        for (ObjectKey key : outcome.removed()) {
            // Who deleted something is nowhere told: the source saw that it is gone.
            ConfigChange change = change(key, outcome, version(before, key))
                    .setSource(only)
                    .setWho(fallback(only))
                    .build();
            add(records, key, change, "");
        }
        return records;
    }

    private ConfigChange.Builder change(ObjectKey key, Publisher.Outcome outcome, String before) {
        return ConfigChange.newBuilder()
                .setGroup(key.kind().group())
                .setKind(key.kind().name())
                .setNamespace(key.namespace())
                .setName(key.name())
                .setWhen(time(outcome))
                .setBeforeVersion(before)
                .setGeneration(outcome.held().view().generation().toString())
                .setWriter(writer);
    }

    private static void add(List<OutboxRecord> records, ObjectKey key, ConfigChange change, String origin) {
        String name = key.kind().name() + "/" + key.namespace() + "/" + key.name();
        ByteString value = change.toByteString();
        if (key.kind().equals(Kind.REGISTRY_ENDPOINT_SLICE) || key.kind().equals(Kind.REGISTRY_WORKLOAD)) {
            records.add(new OutboxRecord(Topic.ENDPOINT_LOG.text(), name, value));
            return;
        }
        records.add(new OutboxRecord(Topic.CONFIG_LOG.text(), name, value));
        if (!RegistryEntries.isRegistry(key.kind())) {
            records.add(new OutboxRecord(Topic.CONFIG.text(), name, change.hasObject() ? value : null));
            records.add(new OutboxRecord(Topic.AUDIT.text(), change.getWho(), audit(key, change, origin)));
        }
    }

    private static ByteString audit(ObjectKey key, ConfigChange change, String origin) {
        String action =
                !change.hasObject() ? "deleted" : change.getBeforeVersion().isEmpty() ? "created" : "changed";
        AuditEvent.Builder event = AuditEvent.newBuilder()
                .setWhen(change.getWhen())
                .setActor(change.getWho())
                .setComponent("galley")
                .setAction("config." + action)
                .setObject(key.toString())
                .putDetails("generation", change.getGeneration());
        detail(event, "before-version", change.getBeforeVersion());
        detail(event, "after-version", change.getAfterVersion());
        detail(event, "origin", origin);
        return event.build().toByteString();
    }

    private static void detail(AuditEvent.Builder event, String name, String text) {
        if (!text.isEmpty()) {
            event.putDetails(name, text);
        }
    }

    /** The source of all documents of a change; empty where there are none. */
    private static String onlySource(Publisher.Outcome outcome) {
        return outcome.documents().isEmpty()
                ? ""
                : outcome.documents().firstKey().source();
    }

    private static String fallback(String source) {
        return source.isEmpty() ? "galley" : source;
    }

    private static String version(@Nullable View view, ObjectKey key) {
        if (view == null) {
            return "";
        }
        return Collections.of(key.kind())
                .map(collection -> view.type(collection.typeUrl()).get(key.resourceName()))
                .map(Resource::version)
                .orElse("");
    }

    private static Timestamp time(Publisher.Outcome outcome) {
        return Timestamps.fromMillis(outcome.at());
    }
}
