package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What statuses say against objects, as diagnostics for those who see no status. */
final class Findings {
    private static final String CODE = "FL0540";
    private static final Set<String> MUST_HOLD = Set.of("Accepted", "ResolvedRefs");
    private static final Set<String> MUST_NOT_HOLD = Set.of("PartiallyInvalid");

    private Findings() {}

    static List<Diagnostic> of(List<ObjectStatus> statuses, ApiObjects objects, Memo memo) {
        Map<ObjectKey, Config<?>> byKey = new HashMap<>();
        objects.classes().forEach(config -> byKey.put(config.key(), config));
        objects.gateways().forEach(config -> byKey.put(config.key(), config));
        objects.policies().forEach(config -> byKey.put(config.key(), config));
        objects.routes().forEach(route -> byKey.put(route.config().key(), route.config()));
        List<Diagnostic> found = new ArrayList<>();
        for (ObjectStatus status : statuses) {
            Config<?> config = byKey.get(status.key());
            if (config != null) {
                found.addAll(memo.problems(status, () -> {
                    List<Diagnostic> own = new ArrayList<>();
                    collect(status.status(), config, "", own);
                    return own;
                }));
            }
        }
        return found;
    }

    private static void collect(Struct status, Config<?> config, String at, List<Diagnostic> found) {
        items(status, "conditions").forEach(condition -> {
            String type = text(condition, "type");
            boolean holds = text(condition, "status").equals("True");
            boolean bad = MUST_HOLD.contains(type) ? !holds : MUST_NOT_HOLD.contains(type) && holds;
            if (bad) {
                Diagnostic problem = new Diagnostic(
                        Severity.WARNING,
                        CODE,
                        config.origin(),
                        config.key().toString(),
                        "",
                        at + type + " is " + (holds ? "True" : "False") + ", " + text(condition, "reason") + ": "
                                + text(condition, "message"));
                if (!found.contains(problem)) {
                    found.add(problem);
                }
            }
        });
        items(status, "listeners")
                .forEach(listener -> collect(listener, config, "listener " + text(listener, "name") + ": ", found));
        items(status, "parents").forEach(parent -> {
            String name = text(parent.getFieldsOrThrow("parentRef").getStructValue(), "name");
            collect(parent, config, "at " + name + ": ", found);
        });
        items(status, "ancestors").forEach(ancestor -> collect(ancestor, config, "", found));
    }

    private static List<Struct> items(Struct struct, String field) {
        return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getListValue().getValuesList().stream()
                .map(Value::getStructValue)
                .toList();
    }

    private static String text(Struct struct, String field) {
        return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }
}
