package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.GRPCRouteFilter;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.gatewayapi.v1.HeaderModifier;
import io.flotilla.api.gatewayapi.v1.NamedValue;
import io.flotilla.api.gatewayapi.v1.RequestMirror;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Filters of HTTPRoutes and GRPCRoutes: of a rule or of a backend. */
final class ApiFilterRules {
    private static final String CODE = "FL0518";
    private static final Set<String> ONCE =
            Set.of("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS");

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiReferenceRules references;
    private final ApiActionRules actions;

    ApiFilterRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.references = new ApiReferenceRules(check);
        this.actions = new ApiActionRules(check);
    }

    void http(List<HTTPRouteFilter> filters, FieldPath at) {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            HTTPRouteFilter filter = filters.get(i);
            Map<String, Boolean> parts = new TreeMap<>();
            parts.put("RequestHeaderModifier", filter.hasRequestHeaderModifier());
            parts.put("ResponseHeaderModifier", filter.hasResponseHeaderModifier());
            parts.put("RequestMirror", filter.hasRequestMirror());
            parts.put("RequestRedirect", filter.hasRequestRedirect());
            parts.put("URLRewrite", filter.hasUrlRewrite());
            parts.put("CORS", filter.hasCors());
            parts.put("ExternalAuth", filter.hasExternalAuth());
            parts.put("ExtensionRef", filter.hasExtensionRef());
            parts(filter.getType(), parts, at.item(i));
            types.add(filter.getType());
            content(filter, at.item(i));
        }
        list(types, at);
        check.require(
                !types.contains("RequestRedirect") || !types.contains("URLRewrite"),
                CODE,
                at,
                "RequestRedirect and URLRewrite exclude each other");
    }

    void grpc(List<GRPCRouteFilter> filters, FieldPath at) {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            GRPCRouteFilter filter = filters.get(i);
            Map<String, Boolean> parts = new TreeMap<>();
            parts.put("RequestHeaderModifier", filter.hasRequestHeaderModifier());
            parts.put("ResponseHeaderModifier", filter.hasResponseHeaderModifier());
            parts.put("RequestMirror", filter.hasRequestMirror());
            parts.put("ExtensionRef", filter.hasExtensionRef());
            FieldPath place = at.item(i);
            parts(filter.getType(), parts, place);
            types.add(filter.getType());
            headers(filter.getRequestHeaderModifier(), place.field("requestHeaderModifier"));
            headers(filter.getResponseHeaderModifier(), place.field("responseHeaderModifier"));
            if (filter.hasRequestMirror()) {
                mirror(filter.getRequestMirror(), place.field("requestMirror"));
            }
            if (filter.hasExtensionRef()) {
                references.local(filter.getExtensionRef(), place.field("extensionRef"));
            }
        }
        list(types, at);
    }

    private void list(List<String> types, FieldPath at) {
        syntax.atMost(16, types.size(), CODE, at);
        for (int i = 0; i < types.size(); i++) {
            check.require(
                    !ONCE.contains(types.get(i)) || types.indexOf(types.get(i)) == i,
                    CODE,
                    at.item(i),
                    types.get(i) + " can be given only once");
        }
    }

    /** Exactly the part that the type names. */
    private void parts(String type, Map<String, Boolean> parts, FieldPath at) {
        syntax.oneOf(type, parts.keySet(), CODE, at.field("type"));
        parts.forEach((name, given) -> {
            String field = fieldName(name);
            if (name.equals(type)) {
                check.require(given, CODE, at.field(field), "is required for type " + type);
            } else if (parts.containsKey(type)) {
                check.require(!given, CODE, at.field(field), "is only for type " + name);
            }
        });
    }

    private static String fieldName(String type) {
        return switch (type) {
            case "CORS" -> "cors";
            case "URLRewrite" -> "urlRewrite";
            default -> type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        };
    }

    private void content(HTTPRouteFilter filter, FieldPath at) {
        headers(filter.getRequestHeaderModifier(), at.field("requestHeaderModifier"));
        headers(filter.getResponseHeaderModifier(), at.field("responseHeaderModifier"));
        if (filter.hasRequestMirror()) {
            mirror(filter.getRequestMirror(), at.field("requestMirror"));
        }
        if (filter.hasRequestRedirect()) {
            actions.redirect(filter.getRequestRedirect(), at.field("requestRedirect"));
        }
        if (filter.hasUrlRewrite()) {
            actions.rewrite(filter.getUrlRewrite(), at.field("urlRewrite"));
        }
        if (filter.hasCors()) {
            actions.cors(filter.getCors(), at.field("cors"));
        }
        if (filter.hasExternalAuth()) {
            actions.externalAuth(filter.getExternalAuth(), at.field("externalAuth"));
        }
        if (filter.hasExtensionRef()) {
            references.local(filter.getExtensionRef(), at.field("extensionRef"));
        }
    }

    private void headers(HeaderModifier headers, FieldPath at) {
        Set<String> names = new HashSet<>();
        named(headers.getSetList(), names, at.field("set"));
        named(headers.getAddList(), names, at.field("add"));
        syntax.atMost(16, headers.getRemoveCount(), CODE, at.field("remove"));
        for (int i = 0; i < headers.getRemoveCount(); i++) {
            FieldPath place = at.field("remove").item(i);
            syntax.headerName(headers.getRemove(i), CODE, place);
            once(headers.getRemove(i), names, place);
        }
    }

    private void named(List<NamedValue> headers, Set<String> names, FieldPath at) {
        syntax.atMost(16, headers.size(), CODE, at);
        for (int i = 0; i < headers.size(); i++) {
            NamedValue header = headers.get(i);
            syntax.headerName(header.getName(), CODE, at.item(i).field("name"));
            syntax.required(header.getValue(), CODE, at.item(i).field("value"));
            check.require(
                    header.getValue().length() <= 4_096,
                    CODE,
                    at.item(i).field("value"),
                    "is longer than 4096 characters");
            once(header.getName(), names, at.item(i).field("name"));
        }
    }

    private void once(String name, Set<String> names, FieldPath at) {
        check.require(
                names.add(name.toLowerCase(Locale.ROOT)),
                CODE,
                at,
                "\"" + name + "\" is changed twice; one action for each header");
    }

    private void mirror(RequestMirror mirror, FieldPath at) {
        check.require(mirror.hasBackendRef(), CODE, at.field("backendRef"), "is required");
        if (mirror.hasBackendRef()) {
            references.backend(mirror.getBackendRef(), at.field("backendRef"));
        }
        check.require(
                !mirror.hasPercent() || !mirror.hasFraction(),
                CODE,
                at.field("fraction"),
                "cannot be given together with \"percent\"");
        check.percent(mirror.getPercent(), at.field("percent"));
        if (mirror.hasFraction()) {
            int denominator =
                    mirror.getFraction().hasDenominator() ? mirror.getFraction().getDenominator() : 100;
            FieldPath place = at.field("fraction");
            check.require(denominator >= 1, CODE, place.field("denominator"), "must be at least 1, not " + denominator);
            check.notNegative(mirror.getFraction().getNumerator(), CODE, place.field("numerator"));
            check.require(
                    mirror.getFraction().getNumerator() <= denominator,
                    CODE,
                    place.field("numerator"),
                    "must not be greater than the denominator, " + denominator);
        }
    }
}
