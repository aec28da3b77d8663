package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.Cors;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.ExternalAuth;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.PathModifier;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.Redirect;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.Rewrite;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.regex.Pattern;

/** Redirects, rewrites, cross-origin answers and external authorization of HTTPRoutes. */
final class ApiActionRules {
    private static final String CODE = "FL0518";
    private static final int MAX_PATH = 1_024;
    private static final Pattern PATH = Pattern.compile("(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+");
    private static final Pattern ORIGIN =
            Pattern.compile("\\*|(https?)://(\\*|(\\*\\.)?(([a-zA-Z0-9-]+\\.)*[a-zA-Z0-9-]+))(:([0-9]{1,5}|\\*))?");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*");
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    private final Check check;
    private final ApiSyntax syntax;

    ApiActionRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
    }

    void redirect(Redirect redirect, FieldPath at) {
        if (redirect.hasScheme()) {
            syntax.oneOf(redirect.getScheme(), List.of("http", "https"), CODE, at.field("scheme"));
        }
        if (redirect.hasHostname()) {
            syntax.hostname(redirect.getHostname(), false, CODE, at.field("hostname"));
        }
        if (redirect.hasPath()) {
            path(redirect.getPath(), at.field("path"));
        }
        if (redirect.hasPort()) {
            check.port(redirect.getPort(), at.field("port"));
        }
        check.require(
                !redirect.hasStatusCode() || REDIRECTS.contains(redirect.getStatusCode()),
                CODE,
                at.field("statusCode"),
                "must be 301, 302, 303, 307 or 308, not " + redirect.getStatusCode());
    }

    void rewrite(Rewrite rewrite, FieldPath at) {
        if (rewrite.hasHostname()) {
            syntax.hostname(rewrite.getHostname(), false, CODE, at.field("hostname"));
        }
        if (rewrite.hasPath()) {
            path(rewrite.getPath(), at.field("path"));
        }
    }

    private void path(PathModifier path, FieldPath at) {
        String type = path.getType();
        syntax.oneOf(type, List.of("ReplaceFullPath", "ReplacePrefixMatch"), CODE, at.field("type"));
        part(
                "ReplaceFullPath",
                type,
                path.hasReplaceFullPath(),
                path.getReplaceFullPath(),
                at.field("replaceFullPath"));
        part(
                "ReplacePrefixMatch",
                type,
                path.hasReplacePrefixMatch(),
                path.getReplacePrefixMatch(),
                at.field("replacePrefixMatch"));
    }

    private void part(String name, String type, boolean given, String value, FieldPath at) {
        if (name.equals(type)) {
            check.require(given, CODE, at, "is required for type " + type);
        } else {
            check.require(!given, CODE, at, "is only for type " + name);
        }
        check.require(value.length() <= MAX_PATH, CODE, at, "is longer than " + MAX_PATH + " characters");
    }

    void cors(Cors cors, FieldPath at) {
        syntax.atMost(64, cors.getAllowOriginsCount(), CODE, at.field("allowOrigins"));
        for (int i = 0; i < cors.getAllowOriginsCount(); i++) {
            String origin = cors.getAllowOrigins(i);
            check.require(
                    ORIGIN.matcher(origin).matches(),
                    CODE,
                    at.field("allowOrigins").item(i),
                    "\"" + origin + "\" is no origin: \"*\", or http:// or https:// with a host, maybe a port");
        }
        for (int i = 0; i < cors.getAllowMethodsCount(); i++) {
            syntax.oneOf(
                    cors.getAllowMethods(i),
                    METHODS,
                    CODE,
                    at.field("allowMethods").item(i));
        }
        alone(cors.getAllowOriginsList(), at.field("allowOrigins"));
        alone(cors.getAllowMethodsList(), at.field("allowMethods"));
        alone(cors.getAllowHeadersList(), at.field("allowHeaders"));
        headers(cors.getAllowHeadersList(), at.field("allowHeaders"));
        headers(cors.getExposeHeadersList(), at.field("exposeHeaders"));
        check.require(
                !cors.hasMaxAge() || cors.getMaxAge() >= 1,
                CODE,
                at.field("maxAge"),
                "must be at least 1 second, not " + cors.getMaxAge());
    }

    private void alone(List<String> values, FieldPath at) {
        syntax.distinct(values, CODE, at);
        check.require(values.size() <= 1 || !values.contains("*"), CODE, at, "\"*\" stands alone");
    }

    private void headers(List<String> names, FieldPath at) {
        syntax.atMost(64, names.size(), CODE, at);
        for (int i = 0; i < names.size(); i++) {
            syntax.headerName(names.get(i), CODE, at.item(i));
        }
    }

    void externalAuth(ExternalAuth auth, FieldPath at) {
        syntax.oneOf(auth.getProtocol(), List.of("HTTP", "GRPC"), CODE, at.field("protocol"));
        check.require(auth.hasBackendRef(), CODE, at.field("backendRef"), "is required");
        if (auth.hasBackendRef()) {
            new ApiReferenceRules(check).backend(auth.getBackendRef(), at.field("backendRef"));
        }
        check.require(
                auth.hasGrpc() == auth.getProtocol().equals("GRPC"),
                CODE,
                at.field("grpc"),
                auth.hasGrpc() ? "is only for protocol GRPC" : "is required for protocol GRPC");
        check.require(
                auth.hasHttp() == auth.getProtocol().equals("HTTP"),
                CODE,
                at.field("http"),
                auth.hasHttp() ? "is only for protocol HTTP" : "is required for protocol HTTP");
        String path = auth.getHttp().getPath();
        check.require(
                path.isEmpty()
                        || (path.length() <= MAX_PATH && PATH.matcher(path).matches()),
                CODE,
                at.field("http").field("path"),
                "\"" + path + "\" is no path");
        syntax.atMost(
                64,
                auth.getGrpc().getAllowedHeadersCount(),
                CODE,
                at.field("grpc").field("allowedHeaders"));
        syntax.atMost(
                64,
                auth.getHttp().getAllowedHeadersCount(),
                CODE,
                at.field("http").field("allowedHeaders"));
        syntax.atMost(
                64,
                auth.getHttp().getAllowedResponseHeadersCount(),
                CODE,
                at.field("http").field("allowedResponseHeaders"));
    }
}
