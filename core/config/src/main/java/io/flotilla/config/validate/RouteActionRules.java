package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPDirectResponse;
import io.flotilla.api.networking.v1alpha3.HTTPRedirect;
import io.flotilla.api.networking.v1alpha3.HTTPRewrite;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a route of HTTP does: it forwards, or redirects, or answers, or delegates. */
final class RouteActionRules {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_BODY = 1 << 20;

    private final Check check;

    RouteActionRules(Check check) {
        this.check = check;
    }

    void check(HTTPRoute route, FieldPath at) {
        List<String> actions = new ArrayList<>();
        if (route.getRouteCount() > 0) {
            actions.add("route");
        }
        if (route.hasRedirect()) {
            actions.add("redirect");
        }
        if (route.hasDirectResponse()) {
            actions.add("directResponse");
        }
        if (route.hasDelegate()) {
            actions.add("delegate");
        }
        if (actions.isEmpty()) {
            check.error("FL0104", at, "needs a route, redirect, directResponse or delegate");
        } else if (actions.size() > 1) {
            check.error("FL0104", at, "has several actions, of which one is allowed: " + String.join(", ", actions));
        }
        forwardingOnly(route, at);
        if (route.hasRedirect()) {
            redirect(route.getRedirect(), at.field("redirect"));
        }
        if (route.hasRewrite()) {
            rewrite(route.getRewrite(), at.field("rewrite"));
        }
        if (route.hasDirectResponse()) {
            respond(route.getDirectResponse(), at.field("directResponse"));
        }
        if (route.hasDelegate()) {
            check.require(
                    !route.getDelegate().getName().isEmpty(),
                    "FL0116",
                    at.field("delegate").field("name"),
                    "is required");
        }
    }

    private void forwardingOnly(HTTPRoute route, FieldPath at) {
        if (route.hasRedirect() || route.hasDirectResponse()) {
            String action = route.hasRedirect() ? "redirect" : "directResponse";
            check.require(!route.hasRewrite(), "FL0104", at.field("rewrite"), "makes no sense with " + action);
            boolean fault = route.hasFault() && (check.classic() || route.hasRedirect());
            check.require(!fault, "FL0104", at.field("fault"), "makes no sense with " + action);
        }
    }

    private void redirect(HTTPRedirect redirect, FieldPath at) {
        boolean classicParts =
                !redirect.getUri().isEmpty() || !redirect.getAuthority().isEmpty();
        boolean more = !redirect.getScheme().isEmpty()
                || !redirect.getPrefixRewrite().isEmpty()
                || redirect.getRedirectPortCase() != HTTPRedirect.RedirectPortCase.REDIRECTPORT_NOT_SET;
        check.require(classicParts || (more && !check.classic()), "FL0111", at, "needs a uri or authority");
        check.require(
                redirect.getUri().isEmpty() || redirect.getPrefixRewrite().isEmpty(),
                "FL0111",
                at.field("prefixRewrite"),
                "cannot be given together with \"uri\"");
        int code = redirect.getRedirectCode();
        check.require(
                code == 0 || REDIRECTS.contains(code),
                "FL0111",
                at.field("redirectCode"),
                "must be 301, 302, 303, 307 or 308, not " + Integer.toUnsignedString(code));
        String scheme = redirect.getScheme();
        check.require(
                scheme.isEmpty() || scheme.equals("http") || scheme.equals("https"),
                "FL0111",
                at.field("scheme"),
                "must be http or https, not \"" + scheme + "\"");
        if (redirect.hasPort()) {
            check.port(redirect.getPort(), at.field("port"));
        }
    }

    private void rewrite(HTTPRewrite rewrite, FieldPath at) {
        boolean any = !rewrite.getUri().isEmpty() || !rewrite.getAuthority().isEmpty() || rewrite.hasUriRegexRewrite();
        check.require(any, "FL0111", at, "needs a uri or authority");
        if (rewrite.hasUriRegexRewrite()) {
            FieldPath place = at.field("uriRegexRewrite");
            check.require(rewrite.getUri().isEmpty(), "FL0111", place, "cannot be given together with \"uri\"");
            check.require(
                    !rewrite.getUriRegexRewrite().getMatch().isEmpty(), "FL0111", place.field("match"), "is required");
            check.regex(rewrite.getUriRegexRewrite().getMatch(), place.field("match"));
        }
    }

    private void respond(HTTPDirectResponse response, FieldPath at) {
        int status = response.getStatus();
        check.require(
                status >= 100 && status < 600,
                "FL0111",
                at.field("status"),
                "must be between 100 and 599, not " + Integer.toUnsignedString(status));
        int size = response.getBody().getString().length()
                + response.getBody().getBytes().size();
        check.require(size <= MAX_BODY, "FL0111", at.field("body"), "is larger than 1 MiB");
    }
}
