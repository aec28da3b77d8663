package io.flotilla.config.validate;

import java.net.URI;

/** The syntax of URLs, without asking anybody. */
final class WebAddresses {
    private WebAddresses() {}

    /** An http or https URL with a host. */
    static boolean isWeb(String text) {
        try {
            URI uri = URI.create(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
