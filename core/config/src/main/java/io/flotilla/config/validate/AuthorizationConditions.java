package io.flotilla.config.validate;

import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;
import java.util.Set;

/** "when" of an AuthorizationPolicy: what is known of a request, and which values it may have. */
final class AuthorizationConditions {
    private static final Set<String> KEYS = Set.of(
            "source.ip",
            "remote.ip",
            "source.namespace",
            "source.principal",
            "source.serviceAccount",
            "source.trustDomain",
            "request.auth.principal",
            "request.auth.audiences",
            "request.auth.presenter",
            "destination.ip",
            "destination.port",
            "connection.sni");
    private static final Set<String> NAMED = Set.of("request.headers", "request.auth.claims");
    private static final String FILTERS = "experimental.envoy.filters.";

    private final String code;
    private final Check check;

    AuthorizationConditions(String code, Check check) {
        this.code = code;
        this.check = check;
    }

    void check(Condition condition, FieldPath at) {
        String key = condition.getKey();
        if (key.isEmpty()) {
            check.error(code, at.field("key"), "is required");
        } else {
            key(key, at.field("key"));
        }
        check.require(
                condition.getValuesCount() + condition.getNotValuesCount() > 0,
                code,
                at.field("values"),
                "or notValues is required");
        values(key, condition.getValuesList(), at.field("values"));
        values(key, condition.getNotValuesList(), at.field("notValues"));
    }

    private void key(String key, FieldPath at) {
        int bracket = key.indexOf('[');
        if (bracket < 0) {
            boolean bare = NAMED.contains(key);
            check.require(!bare, code, at, "needs a name: \"" + key + "[NAME]\"");
            check.require(
                    bare || KEYS.contains(key) || key.startsWith(FILTERS),
                    code,
                    at,
                    "unknown key \"" + key + "\"" + Spelling.suggestion(key, KEYS));
            return;
        }
        String base = key.substring(0, bracket);
        boolean known = NAMED.contains(base) || base.startsWith(FILTERS);
        boolean closed = key.endsWith("]") && key.indexOf("[]") < 0;
        check.require(
                known && closed,
                code,
                at,
                "\"" + key + "\" is no key: request.headers[NAME] or request.auth.claims[NAME]");
        if (known && closed && base.equals("request.headers")) {
            check.headerName(key.substring(bracket + 1, key.length() - 1), code, at);
        }
    }

    private void values(String key, List<String> values, FieldPath at) {
        switch (key) {
            case "source.ip", "remote.ip", "destination.ip" -> check.cidrs(values, code, at);
            case "destination.port" -> {
                for (int i = 0; i < values.size(); i++) {
                    check.require(
                            AuthorizationRules.isPort(values.get(i)),
                            code,
                            at.item(i),
                            "\"" + values.get(i) + "\" is no port");
                }
            }
            case "request.auth.principal" -> check.requestPrincipals(values, code, at);
            default -> check.noneEmpty(values, code, at);
        }
    }
}
