package io.flotilla.config.authorization;

import java.util.List;

/**
 * One field of a rule: the attribute has one of the values, or, negated, none of them.
 *
 * @param field  as the object names it, for people: "paths", "notPrincipals", "request.headers[x-user]"
 * @param values as written; how they are compared depends on the attribute (see docs/authorization.md)
 */
public record Term(Attribute attribute, boolean negated, List<String> values, String field) {
    public Term {
        values = List.copyOf(values);
    }

    static Term of(Attribute.Kind kind, boolean negated, List<String> values, String field) {
        return new Term(Attribute.of(kind), negated, values, field);
    }
}
