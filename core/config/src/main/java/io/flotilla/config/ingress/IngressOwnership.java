package io.flotilla.config.ingress;

import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.config.derive.Owners;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;
import java.util.Optional;

/** Leaves out of an Ingress what captures hosts that another namespace claims, and says so. */
record IngressOwnership(Owners owners, List<Diagnostic> problems) {
    private static final String ALL = "*";

    /** What is left of it. */
    @SuppressWarnings("deprecation") // older objects have "backend"
    Config<Ingress> allowed(Config<Ingress> ingress) {
        Ingress.Builder left = ingress.spec().toBuilder().clearRules();
        boolean whole = true;
        for (int i = 0; i < ingress.spec().getRulesCount(); i++) {
            Ingress.Rule rule = ingress.spec().getRules(i);
            String host = rule.getHost().isEmpty() ? ALL : rule.getHost();
            if (refused(ingress, host, "spec.rules[" + i + "].host")) {
                whole = false;
            } else {
                left.addRules(rule);
            }
        }
        boolean rest = ingress.spec().hasDefaultBackend() || ingress.spec().hasBackend();
        if (rest && refused(ingress, ALL, "spec.defaultBackend")) {
            whole = false;
            left.clearDefaultBackend().clearBackend();
        }
        return whole
                ? ingress
                : new Config<>(
                        ingress.key(),
                        left.build(),
                        ingress.labels(),
                        ingress.annotations(),
                        ingress.created(),
                        ingress.version(),
                        ingress.origin());
    }

    private boolean refused(Config<Ingress> ingress, String host, String path) {
        Optional<Owners.Captured> captured = owners.captured(host, ingress.namespace());
        captured.ifPresent(each -> problems.add(new Diagnostic(
                each.refused() ? Severity.ERROR : Severity.WARNING,
                "FL0691",
                ingress.origin(),
                ingress.key().toString(),
                path,
                each.message())));
        return captured.isPresent() && captured.get().refused();
    }
}
