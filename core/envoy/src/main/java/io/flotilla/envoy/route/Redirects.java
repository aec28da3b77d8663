package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.flotilla.api.networking.v1alpha3.HTTPBody;
import io.flotilla.api.networking.v1alpha3.HTTPDirectResponse;
import io.flotilla.api.networking.v1alpha3.HTTPRedirect;

/** Answers that the proxy gives itself. */
final class Redirects {
    /** What of a redirect's uri says that only the matched part of the path is replaced by the rest of it. */
    private static final String PREFIX = "%PREFIX()%";

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private Redirects() {}

    static RedirectAction redirect(HTTPRedirect redirect, int listenerPort) {
        RedirectAction.Builder action = RedirectAction.newBuilder()
                .setHostRedirect(redirect.getAuthority())
                .setResponseCode(code(redirect.getRedirectCode()));
        if (redirect.getUri().startsWith(PREFIX)) {
            action.setPrefixRewrite(redirect.getUri().substring(PREFIX.length()));
        } else if (!redirect.getUri().isEmpty()) {
            action.setPathRedirect(redirect.getUri());
        }
        if (!redirect.getPrefixRewrite().isEmpty()) {
            action.setPrefixRewrite(redirect.getPrefixRewrite());
        }
        if (!redirect.getScheme().isEmpty()) {
            action.setSchemeRedirect(redirect.getScheme());
        }
        switch (redirect.getRedirectPortCase()) {
            case PORT -> action.setPortRedirect(redirect.getPort());
            case DERIVE_PORT -> {
                if (redirect.getDerivePort() == HTTPRedirect.RedirectPortSelection.FROM_REQUEST_PORT) {
                    action.setPortRedirect(listenerPort);
                } else {
                    action.setPortRedirect(redirect.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT);
                }
            }
            case REDIRECTPORT_NOT_SET -> {
                // Envoy leaves the port out.
            }
        }
        return action.build();
    }

    private static RedirectAction.RedirectResponseCode code(int code) {
        return switch (code) {
            case 302 -> RedirectAction.RedirectResponseCode.FOUND;
            case 303 -> RedirectAction.RedirectResponseCode.SEE_OTHER;
            case 307 -> RedirectAction.RedirectResponseCode.TEMPORARY_REDIRECT;
            case 308 -> RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT;
            default -> RedirectAction.RedirectResponseCode.MOVED_PERMANENTLY;
        };
    }

    static DirectResponseAction direct(HTTPDirectResponse response) {
        DirectResponseAction.Builder action = DirectResponseAction.newBuilder().setStatus(response.getStatus());
        HTTPBody body = response.getBody();
        switch (body.getSpecifierCase()) {
            case STRING -> action.setBody(DataSource.newBuilder().setInlineString(body.getString()));
            case BYTES -> action.setBody(DataSource.newBuilder().setInlineBytes(body.getBytes()));
            case SPECIFIER_NOT_SET -> {
                // Nothing but the status.
            }
        }
        return action.build();
    }
}
