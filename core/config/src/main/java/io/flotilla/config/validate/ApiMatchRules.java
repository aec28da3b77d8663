package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.GRPCRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.gatewayapi.v1.ValueMatch;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Conditions of HTTPRoutes and GRPCRoutes. */
final class ApiMatchRules {
    private static final String CODE = "FL0517";
    private static final String GRPC = "FL0522";
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final List<String> PATHS = List.of("Exact", "PathPrefix", "RegularExpression");
    private static final List<String> VALUES = List.of("Exact", "RegularExpression");
    private static final Pattern PATH = Pattern.compile("(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+");
    private static final List<String> NOT_WITHIN = List.of("//", "/./", "/../", "%2f", "%2F", "#");
    private static final Pattern SERVICE = Pattern.compile("\\.?[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
    private static final int MAX_TEXT = 1_024;

    private final Check check;
    private final ApiSyntax syntax;

    ApiMatchRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
    }

    void http(HTTPRouteMatch match, FieldPath at) {
        if (match.hasPath()) {
            path(match.getPath(), at.field("path"));
        }
        values(match.getHeadersList(), true, 4_096, at.field("headers"));
        values(match.getQueryParamsList(), false, MAX_TEXT, at.field("queryParams"));
        if (match.hasMethod()) {
            syntax.oneOf(match.getMethod(), METHODS, CODE, at.field("method"));
        }
    }

    private void path(HTTPRouteMatch.Path path, FieldPath at) {
        String type = path.hasType() ? path.getType() : "PathPrefix";
        String value = path.hasValue() ? path.getValue() : "/";
        FieldPath place = at.field("value");
        syntax.oneOf(type, PATHS, CODE, at.field("type"));
        check.require(value.length() <= MAX_TEXT, CODE, place, "is longer than " + MAX_TEXT + " characters");
        if (type.equals("RegularExpression")) {
            check.require(!value.isEmpty(), CODE, place, "must not be empty");
            check.regex(value, place);
            return;
        }
        if (!value.startsWith("/")) {
            check.error(CODE, place, "\"" + value + "\" must start with \"/\"");
            return;
        }
        NOT_WITHIN.stream()
                .filter(value::contains)
                .forEach(part -> check.error(CODE, place, "\"" + value + "\" must not contain \"" + part + "\""));
        check.require(
                !value.endsWith("/..") && !value.endsWith("/."),
                CODE,
                place,
                "\"" + value + "\" must not end with a step to itself or up");
        check.require(
                PATH.matcher(value).matches() || NOT_WITHIN.stream().anyMatch(value::contains),
                CODE,
                place,
                "\"" + value + "\" has characters that no path has; encode them as %XX");
    }

    private void values(List<ValueMatch> matches, boolean headers, int most, FieldPath at) {
        syntax.atMost(16, matches.size(), CODE, at);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < matches.size(); i++) {
            ValueMatch match = matches.get(i);
            FieldPath place = at.item(i);
            syntax.headerName(match.getName(), CODE, place.field("name"));
            if (!names.add(match.getName())) {
                check.error(CODE, place.field("name"), "\"" + match.getName() + "\" is given twice");
            } else if (headers && !names.add("\n" + match.getName().toLowerCase(Locale.ROOT))) {
                check.warning(
                        CODE,
                        place.field("name"),
                        "\"" + match.getName() + "\" is given twice, in another case; only the first counts");
            }
            String type = match.hasType() ? match.getType() : "Exact";
            syntax.oneOf(type, VALUES, CODE, place.field("type"));
            syntax.required(match.getValue(), CODE, place.field("value"));
            check.require(
                    match.getValue().length() <= most,
                    CODE,
                    place.field("value"),
                    "is longer than " + most + " characters");
            if (type.equals("RegularExpression")) {
                check.regex(match.getValue(), place.field("value"));
            }
        }
    }

    void grpc(GRPCRouteMatch match, FieldPath at) {
        values(match.getHeadersList(), true, 4_096, at.field("headers"));
        if (!match.hasMethod()) {
            return;
        }
        GRPCRouteMatch.Method method = match.getMethod();
        FieldPath place = at.field("method");
        String type = method.hasType() ? method.getType() : "Exact";
        syntax.oneOf(type, VALUES, GRPC, place.field("type"));
        check.require(
                !method.getService().isEmpty() || !method.getMethod().isEmpty(),
                GRPC,
                place,
                "needs a service or a method");
        part(method.getService(), type, SERVICE, "PACKAGE.SERVICE", place.field("service"));
        part(method.getMethod(), type, METHOD, "letters, digits and \"_\"", place.field("method"));
    }

    private void part(String text, String type, Pattern exact, String form, FieldPath at) {
        if (text.isEmpty()) {
            return;
        }
        check.require(text.length() <= MAX_TEXT, GRPC, at, "is longer than " + MAX_TEXT + " characters");
        if (type.equals("RegularExpression")) {
            check.regex(text, at);
        } else {
            check.require(exact.matcher(text).matches(), GRPC, at, "\"" + text + "\" is no name: " + form);
        }
    }
}
