package io.flotilla.galley.status;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.Document;
import io.flotilla.galley.analysis.Findings;
import io.flotilla.galley.kubernetes.DocumentNames;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The status of Istio's objects (IstioStatus): a condition "Accepted", with everything that is wrong as its message, and
 * the findings with their codes, those of analysis across objects too, as validationMessages.
 */
@ApplicationScoped
class ObjectStatuses implements StatusReporter {
    private static final String ISTIO = ".istio.io";
    private static final int MAX_MESSAGE = 8_000;

    private final Map<ObjectKey, List<Diagnostic>> read = new TreeMap<>();
    private Findings analysed = new Findings("", List.of());
    private Map<String, List<Diagnostic>> byObject = Map.of();

    @Override
    public synchronized Map<ObjectKey, Struct> statuses(Publisher.Outcome outcome) {
        Map<String, List<Diagnostic>> byDocument = new HashMap<>();
        outcome.diagnostics()
                .forEach(found -> byDocument
                        .computeIfAbsent(found.origin().file(), file -> new ArrayList<>())
                        .add(found));
        Set<ObjectKey> touched = new TreeSet<>();
        outcome.documents().forEach((document, text) -> {
            if (isOfCluster(document)) {
                DocumentNames.key(document.name())
                        .filter(key -> key.kind().group().endsWith(ISTIO))
                        .ifPresent(key -> {
                            if (text.isPresent()) {
                                read.put(key, byDocument.getOrDefault(document.name(), List.of()));
                                touched.add(key);
                            } else {
                                read.remove(key);
                            }
                        });
            }
        });
        return of(touched);
    }

    /** The objects of which analysis says something else than before. */
    synchronized Map<ObjectKey, Struct> analysed(Findings findings) {
        Set<String> differing = findings.differing(analysed);
        analysed = findings;
        byObject = findings.byObject();
        Set<ObjectKey> touched = new TreeSet<>();
        read.keySet().stream().filter(key -> differing.contains(key.toString())).forEach(touched::add);
        return of(touched);
    }

    private Map<ObjectKey, Struct> of(Set<ObjectKey> touched) {
        Map<ObjectKey, Struct> statuses = new TreeMap<>();
        for (ObjectKey key : touched) {
            statuses.put(
                    key, status(read.getOrDefault(key, List.of()), byObject.getOrDefault(key.toString(), List.of())));
        }
        return statuses;
    }

    private static boolean isOfCluster(Document document) {
        return document.source().equals(SourceName.KUBERNETES.text());
    }

    /** Only what is wrong with the object itself keeps it from being accepted. */
    static Struct status(List<Diagnostic> own, List<Diagnostic> across) {
        List<Diagnostic> errors =
                own.stream().filter(each -> each.severity() == Severity.ERROR).toList();
        String message = errors.stream()
                .map(error -> (error.path().isEmpty() ? "" : error.path() + ": ") + error.message())
                .collect(Collectors.joining("; "));
        Struct condition = Struct.newBuilder()
                .putFields("type", text("Accepted"))
                .putFields("status", text(errors.isEmpty() ? "True" : "False"))
                .putFields("reason", text(errors.isEmpty() ? "Accepted" : "Invalid"))
                .putFields(
                        "message", text(message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message))
                .build();
        ListValue.Builder messages = ListValue.newBuilder();
        Stream.concat(own.stream(), across.stream())
                .filter(each -> each.severity() != Severity.INFO)
                .forEach(each -> messages.addValues(Value.newBuilder().setStructValue(message(each))));
        return Struct.newBuilder()
                .putFields(
                        "conditions",
                        Value.newBuilder()
                                .setListValue(ListValue.newBuilder()
                                        .addValues(Value.newBuilder().setStructValue(condition)))
                                .build())
                .putFields(
                        "validationMessages",
                        Value.newBuilder().setListValue(messages).build())
                .build();
    }

    /** An AnalysisMessageBase of Istio, with the text beside it. */
    private static Struct message(Diagnostic found) {
        Struct type = Struct.newBuilder().putFields("code", text(found.code())).build();
        return Struct.newBuilder()
                .putFields("type", Value.newBuilder().setStructValue(type).build())
                .putFields("level", text(found.severity().name()))
                .putFields("message", text(found.message()))
                .putFields("path", text(found.path()))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
