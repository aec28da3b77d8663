package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.SessionPersistence;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.config.gatewayapi.AnyBackend;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the rules of all routes of the Gateway API share: names, backends with weights, sticky sessions. */
final class ApiBackendRules {
    static final String CODE = "FL0519";
    private static final String SESSION = "FL0521";
    private static final int MAX_WEIGHT = 1_000_000;

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiReferenceRules references;

    ApiBackendRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.references = new ApiReferenceRules(check);
    }

    void weighted(WeightedBackend backend, FieldPath at) {
        references.backend(AnyBackend.reference(backend), at);
        syntax.between(0, MAX_WEIGHT, backend.hasWeight() ? backend.getWeight() : 1, CODE, at.field("weight"));
    }

    void layer4(List<WeightedBackend> backends, FieldPath at) {
        syntax.atLeastOne(backends.size(), CODE, at);
        syntax.atMost(16, backends.size(), CODE, at);
        for (int i = 0; i < backends.size(); i++) {
            weighted(backends.get(i), at.item(i));
        }
    }

    /** Names of rules are optional, and each is given once. */
    void ruleNames(List<String> names, FieldPath at) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                FieldPath place = at.item(i).field("name");
                syntax.sectionName(names.get(i), "FL0517", place);
                check.require(seen.add(names.get(i)), "FL0517", place, "\"" + names.get(i) + "\" is given twice");
            }
        }
    }

    void defaultGateways(boolean given, String scope, FieldPath at) {
        if (given) {
            syntax.oneOf(scope, List.of("All", "None"), "FL0515", at.field("useDefaultGateways"));
        }
    }

    void session(SessionPersistence session, FieldPath at) {
        check.require(
                session.getSessionName().length() <= 128,
                SESSION,
                at.field("sessionName"),
                "is longer than 128 characters");
        String type = session.hasType() ? session.getType() : "Cookie";
        syntax.oneOf(type, List.of("Cookie", "Header"), SESSION, at.field("type"));
        if (session.hasAbsoluteTimeout()) {
            syntax.duration(session.getAbsoluteTimeout(), SESSION, at.field("absoluteTimeout"));
        }
        if (session.hasIdleTimeout()) {
            syntax.duration(session.getIdleTimeout(), SESSION, at.field("idleTimeout"));
        }
        if (session.hasCookieConfig()) {
            check.require(
                    !type.equals("Header"), SESSION, at.field("cookieConfig"), "makes no sense with type: Header");
            String lifetime = session.getCookieConfig().hasLifetimeType()
                    ? session.getCookieConfig().getLifetimeType()
                    : "Session";
            syntax.oneOf(
                    lifetime,
                    List.of("Permanent", "Session"),
                    SESSION,
                    at.field("cookieConfig").field("lifetimeType"));
            check.require(
                    !lifetime.equals("Permanent") || session.hasAbsoluteTimeout(),
                    SESSION,
                    at.field("absoluteTimeout"),
                    "is required for a permanent cookie");
        }
    }
}
