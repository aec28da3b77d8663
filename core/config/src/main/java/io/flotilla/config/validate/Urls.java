package io.flotilla.config.validate;

import java.net.URI;

/** Addresses of the web. */
final class Urls {
    private Urls() {}

    /** http or https, with a host. */
    static boolean isWeb(String text) {
        try {
            URI uri = URI.create(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
