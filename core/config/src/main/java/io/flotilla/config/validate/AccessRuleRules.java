package io.flotilla.config.validate;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a role may do, by the words that proxies understand. */
final class AccessRuleRules {
    private static final String CODE = "FL0451";
    private static final Pattern METHOD = Pattern.compile("[A-Z]+|\\*");
    private static final Set<String> PLAIN_KEYS = new TreeSet<>(List.of(
            "destination.ip",
            "destination.port",
            "destination.name",
            "destination.namespace",
            "destination.user",
            "connection.sni"));
    private static final Pattern MAP_KEY = Pattern.compile("(destination\\.labels|request\\.headers)\\[[^\\[\\]]+]");
    private static final Pattern ENVOY_KEY =
            Pattern.compile("experimental\\.envoy\\.filters\\.[^\\[\\]]+\\[[^\\[\\]]+]");

    private final Check check;

    AccessRuleRules(Check check) {
        this.check = check;
    }

    /** A rule, of a role ({@code services} are required) or written out in a binding. */
    void rule(AccessRule rule, boolean services, FieldPath at) {
        check.require(
                !services || rule.getServicesCount() > 0,
                CODE,
                at.field("services"),
                "needs a service, or \"*\" for all");
        patterns(rule.getServicesList(), at.field("services"));
        patterns(rule.getHostsList(), at.field("hosts"));
        patterns(rule.getNotHostsList(), at.field("notHosts"));
        paths(rule.getPathsList(), at.field("paths"));
        paths(rule.getNotPathsList(), at.field("notPaths"));
        methods(rule.getMethodsList(), at.field("methods"));
        methods(rule.getNotMethodsList(), at.field("notMethods"));
        ports(rule.getPortsList(), at.field("ports"));
        ports(rule.getNotPortsList(), at.field("notPorts"));
        check.require(
                rule.getMethodsCount() == 0 || rule.getNotMethodsCount() == 0,
                CODE,
                at.field("notMethods"),
                "cannot be given together with methods");
        check.require(
                rule.getPortsCount() == 0 || rule.getNotPortsCount() == 0,
                CODE,
                at.field("notPorts"),
                "cannot be given together with ports");
        for (int i = 0; i < rule.getConstraintsCount(); i++) {
            constraint(rule.getConstraints(i), at.field("constraints").item(i));
        }
    }

    private void patterns(List<String> patterns, FieldPath at) {
        for (int i = 0; i < patterns.size(); i++) {
            pattern(patterns.get(i), CODE, at.item(i), check);
        }
    }

    /** Text, "prefix*", "*suffix" or "*". */
    static void pattern(String pattern, String code, FieldPath at, Check check) {
        if (pattern.isEmpty()) {
            check.error(code, at, "is empty");
            return;
        }
        boolean fits = pattern.equals("*")
                || (pattern.indexOf('*', 1) < 0)
                || (!pattern.startsWith("*") && pattern.indexOf('*') == pattern.length() - 1);
        check.require(
                fits, code, at, "\"" + pattern + "\" has a \"*\" that is neither its first nor its last character");
    }

    private void paths(List<String> paths, FieldPath at) {
        patterns(paths, at);
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            check.require(
                    path.isEmpty() || path.startsWith("/") || path.startsWith("*"),
                    CODE,
                    at.item(i),
                    "\"" + path + "\" never matches: a path begins with \"/\"");
        }
    }

    private void methods(List<String> methods, FieldPath at) {
        for (int i = 0; i < methods.size(); i++) {
            String method = methods.get(i);
            check.require(
                    METHOD.matcher(method).matches(),
                    CODE,
                    at.item(i),
                    "\"" + method + "\" is no method; they are written in capitals"
                            + (method.contains("/") ? ", and a method of gRPC is a path" : ""));
        }
    }

    private void ports(List<Integer> ports, FieldPath at) {
        for (int i = 0; i < ports.size(); i++) {
            check.port(ports.get(i), at.item(i));
        }
    }

    private void constraint(AccessRule.Constraint constraint, FieldPath at) {
        String key = constraint.getKey();
        boolean known = PLAIN_KEYS.contains(key)
                || MAP_KEY.matcher(key).matches()
                || ENVOY_KEY.matcher(key).matches();
        check.require(
                known,
                CODE,
                at.field("key"),
                key.isEmpty()
                        ? "is required"
                        : "unknown constraint \"" + key + "\"" + Spelling.suggestion(key, PLAIN_KEYS) + "; known are "
                                + String.join(", ", PLAIN_KEYS) + ", destination.labels[NAME], request.headers[NAME]");
        FieldPath values = at.field("values");
        check.require(constraint.getValuesCount() > 0, CODE, values, "needs a value");
        for (int i = 0; i < constraint.getValuesCount(); i++) {
            value(key, constraint.getValues(i), values.item(i));
        }
    }

    private void value(String key, String value, FieldPath at) {
        switch (key) {
            case "destination.ip" ->
                check.require(
                        Addresses.isIp(value) || Addresses.isCidr(value), CODE, at, "\"" + value + "\" is no IP range");
            case "destination.port" ->
                check.require(MixerNames.isPort(value), CODE, at, "\"" + value + "\" is no port");
            default -> pattern(value, CODE, at, check);
        }
    }
}
