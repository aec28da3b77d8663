package io.flotilla.envoy.wasm;

import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import java.net.URI;
import java.util.Optional;

/**
 * How Envoy gets a module. It reads files, and fetches by HTTP what it can check by a hash; images it cannot fetch, and
 * no agent stands beside it that could.
 */
public sealed interface Module {
    /** A file of the proxy's own, by its absolute path. */
    record Local(String path) implements Module {}

    /**
     * Fetched by HTTP.
     *
     * @param uri    as it is asked for
     * @param tls    over TLS, checked against the authorities that the proxy's machine trusts
     * @param sha256 hexadecimal
     */
    record Remote(String uri, String host, int port, boolean tls, String sha256) implements Module {}

    /**
     * Not to be had.
     *
     * @param field of the object's spec
     * @param why   and what to do
     */
    record Unreachable(String field, String why) implements Module {}

    /** Where a plugin's module is; a URL without a scheme names an image. */
    static Module of(WasmPlugin plugin) {
        String url = plugin.getUrl();
        if (url.startsWith("file://")) {
            return new Local(url.substring("file://".length()));
        }
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            return new Unreachable(
                    "url",
                    "\"" + url + "\" is an image, which Envoy cannot fetch; put the module into the proxy's file "
                            + "system and name it by file://, or serve it by HTTP and give its sha256");
        }
        if (plugin.getSha256().isEmpty()) {
            return new Unreachable(
                    "sha256", "is needed with \"" + url + "\": Envoy fetches no module that it cannot check");
        }
        return remote(url, plugin.getSha256())
                .<Module>map(remote -> remote)
                .orElseGet(() -> new Unreachable("url", "\"" + url + "\" is no URL of a module"));
    }

    private static Optional<Remote> remote(String url, String sha256) {
        try {
            URI uri = URI.create(url);
            boolean tls = "https".equals(uri.getScheme());
            int usual = tls ? 443 : 80;
            return uri.getHost() == null
                    ? Optional.empty()
                    : Optional.of(
                            new Remote(url, uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort(), tls, sha256));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
