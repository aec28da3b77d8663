package io.flotilla.identity.issue;

import io.flotilla.identity.ServiceAccount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask in whose name: node agents that serve the pods of their node. Without an entry nobody may.
 *
 * @param byDelegate who asks, to those in whose name it may
 */
public record DelegationPolicy(Map<ServiceAccount, List<Scope>> byDelegate) {
    public static final DelegationPolicy NOBODY = new DelegationPolicy(Map.of());

    public DelegationPolicy {
        byDelegate = Map.copyOf(byDelegate);
    }

    /**
     * Service accounts of one namespace.
     *
     * @param name empty for all of them
     */
    public record Scope(String namespace, Optional<String> name) {
        boolean covers(ServiceAccount account) {
            return account.namespace().equals(namespace)
                    && name.map(account.name()::equals).orElse(true);
        }
    }

    /**
     * Reads rules of the form {@code NS/DELEGATE=NS/SA} or {@code NS/DELEGATE=NS/*}.
     *
     * @throws IllegalArgumentException naming the rule that is none
     */
    public static DelegationPolicy parse(List<String> rules) {
        Map<ServiceAccount, List<Scope>> all = new LinkedHashMap<>();
        for (String rule : rules) {
            String[] sides = rule.split("=", -1);
            Optional<ServiceAccount> delegate = sides.length == 2 ? account(sides[0]) : Optional.empty();
            Optional<Scope> scope = sides.length == 2 ? scope(sides[1]) : Optional.empty();
            if (delegate.isEmpty() || scope.isEmpty()) {
                throw new IllegalArgumentException(
                        "delegation \"" + rule
                                + "\" is not of the form NAMESPACE/DELEGATE=NAMESPACE/ACCOUNT or NAMESPACE/DELEGATE=NAMESPACE/*");
            }
            all.merge(
                    delegate.get(),
                    List.of(scope.get()),
                    (one, two) -> java.util.stream.Stream.concat(one.stream(), two.stream())
                            .toList());
        }
        return new DelegationPolicy(all);
    }

    /**
     * Whether it may ask in this name. A namespace as a whole never stands for accounts with server names: those are
     * the suite's own, and must be named one by one.
     */
    public boolean allows(ServiceAccount delegate, ServiceAccount account, ServerNames servers) {
        boolean serves = !servers.of(account).isEmpty();
        return byDelegate.getOrDefault(delegate, List.of()).stream()
                .anyMatch(scope -> scope.covers(account) && (scope.name().isPresent() || !serves));
    }

    private static Optional<Scope> scope(String text) {
        return text.endsWith("/*")
                ? ServiceAccount.parse(text.substring(0, text.length() - 2), "any")
                        .map(any -> new Scope(any.namespace(), Optional.empty()))
                : account(text).map(one -> new Scope(one.namespace(), Optional.of(one.name())));
    }

    private static Optional<ServiceAccount> account(String text) {
        String[] parts = text.strip().split("/", -1);
        return parts.length == 2 ? ServiceAccount.parse(parts[0], parts[1]) : Optional.empty();
    }
}
