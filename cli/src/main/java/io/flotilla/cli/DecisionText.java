package io.flotilla.cli;

import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Origin;
import io.flotilla.policy.Finding;
import io.flotilla.policy.Places;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Decisions for people, and as JSON, of which fields are only ever added. */
record DecisionText(Places places) {
    void print(PrintWriter out, Trial trial) {
        out.println(trial.target().name() + ":" + trial.target().port() + ": " + answer(trial));
        for (Finding finding : trial.verdict().findings()) {
            out.printf("  %-12s  %-8s  %s%n", lower(finding.stage()), lower(finding.effect()), finding.what());
            finding.by().ifPresent(by -> out.printf("  %-12s  %-8s    by %s%n", "", "", place(by)));
        }
    }

    private static String answer(Trial trial) {
        return switch (trial.verdict().answer()) {
            case ALLOWED -> "allowed";
            case DEPENDS -> "depends on an authorizer";
            case DENIED ->
                trial.verdict().status() > 0
                        ? "denied, " + trial.verdict().status()
                        : "denied, the connection is closed";
        };
    }

    /** "AuthorizationPolicy shop/refuse spec.rules[0], file.yaml:12". */
    String place(Clause clause) {
        Origin origin = places.of(clause);
        return origin.equals(Origin.NONE) ? clause.toString() : clause + ", " + origin;
    }

    /** "file.yaml:12"; empty where nobody knows. */
    String where(Clause clause) {
        return places.of(clause).toString();
    }

    Map<String, Object> json(Trial trial) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("workload", trial.target().name());
        tree.put("port", trial.target().port());
        tree.put("answer", lower(trial.verdict().answer()));
        tree.put("status", trial.verdict().status());
        trial.verdict().deciding().flatMap(Finding::by).ifPresent(by -> tree.put("because", json(by)));
        tree.put("findings", findings(trial.verdict().findings()));
        return tree;
    }

    private List<Map<String, Object>> findings(List<Finding> findings) {
        return findings.stream()
                .map(finding -> {
                    Map<String, Object> tree = new LinkedHashMap<>();
                    tree.put("stage", lower(finding.stage()));
                    tree.put("effect", lower(finding.effect()));
                    tree.put("what", finding.what());
                    finding.by().ifPresent(by -> tree.put("because", json(by)));
                    return tree;
                })
                .toList();
    }

    Map<String, Object> json(Clause clause) {
        Origin origin = places.of(clause);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("object", clause.object().toString());
        tree.put("path", clause.path());
        tree.put("file", origin.file());
        tree.put("line", origin.line());
        return tree;
    }

    static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
