package io.flotilla.config.authorization;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Attribute.Kind;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.List;

/** AuthorizationPolicy as the common model. */
public final class CurrentPolicies {
    private static final String DRY_RUN = "istio.io/dry-run";

    /** On a policy of AUDIT: "permit" lets go on what no record can be kept of; else it is refused. */
    private static final String UNRECORDED = "flotilla.io/unrecorded";

    private final TrustDomains domains;

    public CurrentPolicies(TrustDomains domains) {
        this.domains = domains;
    }

    /** The policy in force; one whose action is not known refuses what it matches. */
    public AccessPolicy read(Config<AuthorizationPolicy> config) {
        AuthorizationPolicy policy = config.spec();
        List<AccessRule> rules = new ArrayList<>();
        for (int i = 0; i < policy.getRulesCount(); i++) {
            rules.add(rule(policy.getRules(i), "spec.rules[" + i + "]", config.namespace()));
        }
        return new AccessPolicy(
                config.key(),
                switch (policy.getAction()) {
                    case ALLOW -> Action.ALLOW;
                    case AUDIT -> Action.AUDIT;
                    case CUSTOM -> Action.CUSTOM;
                    case DENY, UNRECOGNIZED -> Action.DENY;
                },
                Boolean.parseBoolean(config.annotations().get(DRY_RUN)),
                policy.getProvider().getName(),
                rules,
                "permit".equals(config.annotations().get(UNRECORDED)));
    }

    private AccessRule rule(Rule rule, String path, String namespace) {
        return new AccessRule(
                path,
                rule.getFromList().stream()
                        .map(from -> source(from.getSource(), namespace))
                        .toList(),
                rule.getToList().stream()
                        .map(to -> operation(to.getOperation()))
                        .toList(),
                rule.getWhenList().stream()
                        .flatMap(condition -> condition(condition, namespace).stream())
                        .toList());
    }

    private List<Term> source(Source source, String namespace) {
        List<Term> terms = new ArrayList<>();
        add(terms, Kind.PRINCIPAL, domains.expand(source.getPrincipalsList()), "principals");
        not(terms, Kind.PRINCIPAL, domains.expand(source.getNotPrincipalsList()), "notPrincipals");
        add(terms, Kind.REQUEST_PRINCIPAL, source.getRequestPrincipalsList(), "requestPrincipals");
        not(terms, Kind.REQUEST_PRINCIPAL, source.getNotRequestPrincipalsList(), "notRequestPrincipals");
        add(terms, Kind.NAMESPACE, source.getNamespacesList(), "namespaces");
        not(terms, Kind.NAMESPACE, source.getNotNamespacesList(), "notNamespaces");
        add(terms, Kind.SERVICE_ACCOUNT, accounts(source.getServiceAccountsList(), namespace), "serviceAccounts");
        not(terms, Kind.SERVICE_ACCOUNT, accounts(source.getNotServiceAccountsList(), namespace), "notServiceAccounts");
        add(terms, Kind.TRUST_DOMAIN, domains.expandDomains(source.getTrustDomainsList()), "trustDomains");
        not(terms, Kind.TRUST_DOMAIN, domains.expandDomains(source.getNotTrustDomainsList()), "notTrustDomains");
        add(terms, Kind.SOURCE_IP, source.getIpBlocksList(), "ipBlocks");
        not(terms, Kind.SOURCE_IP, source.getNotIpBlocksList(), "notIpBlocks");
        add(terms, Kind.REMOTE_IP, source.getRemoteIpBlocksList(), "remoteIpBlocks");
        not(terms, Kind.REMOTE_IP, source.getNotRemoteIpBlocksList(), "notRemoteIpBlocks");
        return terms;
    }

    private static List<Term> operation(Operation operation) {
        List<Term> terms = new ArrayList<>();
        add(terms, Kind.HOST, operation.getHostsList(), "hosts");
        not(terms, Kind.HOST, operation.getNotHostsList(), "notHosts");
        add(terms, Kind.PORT, operation.getPortsList(), "ports");
        not(terms, Kind.PORT, operation.getNotPortsList(), "notPorts");
        add(terms, Kind.METHOD, operation.getMethodsList(), "methods");
        not(terms, Kind.METHOD, operation.getNotMethodsList(), "notMethods");
        add(terms, Kind.PATH, operation.getPathsList(), "paths");
        not(terms, Kind.PATH, operation.getNotPathsList(), "notPaths");
        return terms;
    }

    private List<Term> condition(Condition condition, String namespace) {
        Attribute attribute = Attribute.parse(condition.getKey());
        List<Term> terms = new ArrayList<>();
        if (condition.getValuesCount() > 0) {
            terms.add(new Term(
                    attribute, false, values(attribute, condition.getValuesList(), namespace), condition.getKey()));
        }
        if (condition.getNotValuesCount() > 0) {
            terms.add(new Term(
                    attribute, true, values(attribute, condition.getNotValuesList(), namespace), condition.getKey()));
        }
        return terms;
    }

    private List<String> values(Attribute attribute, List<String> values, String namespace) {
        return switch (attribute.kind()) {
            case PRINCIPAL -> domains.expand(values);
            case TRUST_DOMAIN -> domains.expandDomains(values);
            case SERVICE_ACCOUNT -> accounts(values, namespace);
            default -> values;
        };
    }

    /** "NAME" is one of the policy's own namespace. */
    private static List<String> accounts(List<String> accounts, String namespace) {
        return accounts.stream()
                .map(account -> account.contains("/") ? account : namespace + "/" + account)
                .toList();
    }

    private static void add(List<Term> terms, Kind kind, List<String> values, String field) {
        if (!values.isEmpty()) {
            terms.add(Term.of(kind, false, values, field));
        }
    }

    private static void not(List<Term> terms, Kind kind, List<String> values, String field) {
        if (!values.isEmpty()) {
            terms.add(Term.of(kind, true, values, field));
        }
    }
}
