package io.flotilla.config.authorization;

import io.flotilla.api.rbac.v1alpha1.Subject;
import io.flotilla.config.authorization.Attribute.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A subject of a classic binding as terms that must all hold; none for "anybody". */
final class ClassicSubjects {
    private static final Attribute GROUPS = new Attribute(Kind.CLAIM, List.of("groups"));

    private final TrustDomains domains;

    ClassicSubjects(TrustDomains domains) {
        this.domains = domains;
    }

    /**
     * The terms.
     *
     * @param peer the principal of a request is that of its connection, as principalBinding USE_PEER has it
     */
    List<Term> read(Subject subject, boolean peer) {
        List<Term> terms = new ArrayList<>();
        // "*" as user is anybody, with or without an identity; among names it asks for some identity.
        if (!subject.getUser().isEmpty() && !subject.getUser().equals("*")) {
            terms.add(Term.of(Kind.PRINCIPAL, false, domains.expand(List.of(subject.getUser())), "user"));
        }
        add(terms, Attribute.of(Kind.PRINCIPAL), false, domains.expand(subject.getNamesList()), "names");
        add(terms, Attribute.of(Kind.PRINCIPAL), true, domains.expand(subject.getNotNamesList()), "notNames");
        if (!subject.getGroup().isEmpty()) {
            terms.add(new Term(GROUPS, false, List.of(subject.getGroup()), "group"));
        }
        add(terms, GROUPS, false, subject.getGroupsList(), "groups");
        add(terms, GROUPS, true, subject.getNotGroupsList(), "notGroups");
        add(terms, Attribute.of(Kind.NAMESPACE), false, subject.getNamespacesList(), "namespaces");
        add(terms, Attribute.of(Kind.NAMESPACE), true, subject.getNotNamespacesList(), "notNamespaces");
        add(terms, Attribute.of(Kind.SOURCE_IP), false, subject.getIpsList(), "ips");
        add(terms, Attribute.of(Kind.SOURCE_IP), true, subject.getNotIpsList(), "notIps");
        new TreeMap<>(subject.getPropertiesMap()).forEach((key, value) -> {
            boolean ofConnection = peer && key.equals("request.auth.principal");
            if (ofConnection) {
                // It stays something that only requests have.
                terms.add(new Term(Attribute.header(":method"), false, List.of("*"), key));
            }
            Attribute attribute = ofConnection ? Attribute.of(Kind.PRINCIPAL) : Attribute.parse(key);
            List<String> values = attribute.kind() == Kind.PRINCIPAL ? domains.expand(List.of(value)) : List.of(value);
            terms.add(new Term(attribute, false, values, key));
        });
        return terms;
    }

    private static void add(List<Term> terms, Attribute attribute, boolean negated, List<String> values, String field) {
        if (!values.isEmpty()) {
            terms.add(new Term(attribute, negated, values, field));
        }
    }
}
