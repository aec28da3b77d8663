package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.gatewayapi.Backends.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What there is to say of a route, whatever its parents are.
 *
 * @param resolved the condition of its references
 * @param dropped  rules that are left out, where others stay
 * @param unusable why nothing of it can be used
 * @param services that it leads to
 */
record RouteFindings(
        Condition resolved, Optional<Condition> dropped, Optional<Condition> unusable, Set<Backends.Service> services) {
    static RouteFindings of(AnyRoute route, HttpCompiler compiler) {
        List<Issue> issues = new ArrayList<>();
        Set<Backends.Service> services = new TreeSet<>(Backends.BY_NAME);
        List<HttpRule> rules = route.httpRules();
        for (HttpRule rule : rules) {
            CompiledRule compiled = compiler.compile(route, rule, new HttpCompiler.Port(80, false));
            issues.addAll(compiled.issues());
            services.addAll(compiled.services());
        }
        route.layer4Rules().stream()
                .limit(1)
                .forEach(rule -> rule.getBackendRefsList()
                        .forEach(backend -> layer4(backend, route, compiler.backends(), issues, services)));
        return of(issues, rules.size(), services);
    }

    private static void layer4(
            WeightedBackend backend,
            AnyRoute route,
            Backends backends,
            List<Issue> issues,
            Set<Backends.Service> services) {
        switch (backends.resolve(Layer4Routes.reference(backend), route)) {
            case Backend.Found(var destination, var service) -> service.ifPresent(services::add);
            case Backend.Missing(String reason, String message) -> issues.add(new Issue.Reference(reason, message));
        }
    }

    private static RouteFindings of(List<Issue> issues, int rules, Set<Backends.Service> services) {
        Condition resolved = issues.stream()
                .filter(Issue.Reference.class::isInstance)
                .map(Issue.Reference.class::cast)
                .findFirst()
                .map(first -> Condition.no("ResolvedRefs", first.reason(), messages(issues)))
                .orElse(Condition.yes("ResolvedRefs"));
        List<Issue.Unsupported> unsupported = issues.stream()
                .filter(Issue.Unsupported.class::isInstance)
                .map(Issue.Unsupported.class::cast)
                .toList();
        if (unsupported.isEmpty()) {
            return new RouteFindings(resolved, Optional.empty(), Optional.empty(), services);
        }
        Set<String> names = new TreeSet<>();
        Set<String> why = new TreeSet<>();
        unsupported.forEach(each -> {
            names.add(each.rule());
            why.add(each.message());
        });
        String message = String.join("; ", why);
        return names.size() >= rules
                ? new RouteFindings(
                        resolved,
                        Optional.empty(),
                        Optional.of(Condition.no("Accepted", "UnsupportedValue", message)),
                        services)
                : new RouteFindings(
                        resolved,
                        Optional.of(new Condition(
                                "PartiallyInvalid",
                                true,
                                "UnsupportedValue",
                                "Dropped Rule " + String.join(", ", names) + ": " + message)),
                        Optional.empty(),
                        services);
    }

    private static String messages(List<Issue> issues) {
        List<String> messages = new ArrayList<>();
        issues.forEach(issue -> {
            if (issue instanceof Issue.Reference reference && !messages.contains(reference.message())) {
                messages.add(reference.message());
            }
        });
        return String.join("; ", messages);
    }
}
