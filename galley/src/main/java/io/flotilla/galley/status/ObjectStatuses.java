package io.flotilla.galley.status;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.Document;
import io.flotilla.galley.kubernetes.DocumentNames;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The status of Istio's objects (IstioStatus): a condition "Accepted", with everything that is wrong as its message, and
 * the findings with their codes as validationMessages.
 */
@ApplicationScoped
class ObjectStatuses implements StatusReporter {
    private static final String ISTIO = ".istio.io";
    private static final int MAX_MESSAGE = 8_000;

    @Override
    public Map<ObjectKey, Struct> statuses(Publisher.Outcome outcome) {
        Map<String, List<Diagnostic>> byDocument = new HashMap<>();
        outcome.diagnostics()
                .forEach(found -> byDocument
                        .computeIfAbsent(found.origin().file(), file -> new ArrayList<>())
                        .add(found));
        Map<ObjectKey, Struct> statuses = new TreeMap<>();
        outcome.documents().forEach((document, text) -> {
            if (text.isPresent() && isOfCluster(document)) {
                DocumentNames.key(document.name())
                        .filter(key -> key.kind().group().endsWith(ISTIO))
                        .ifPresent(
                                key -> statuses.put(key, status(byDocument.getOrDefault(document.name(), List.of()))));
            }
        });
        return statuses;
    }

    private static boolean isOfCluster(Document document) {
        return document.source().equals(SourceName.KUBERNETES.text());
    }

    static Struct status(List<Diagnostic> found) {
        List<Diagnostic> errors =
                found.stream().filter(each -> each.severity() == Severity.ERROR).toList();
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
        found.stream()
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
