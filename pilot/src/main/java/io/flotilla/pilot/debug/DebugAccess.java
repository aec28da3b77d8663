package io.flotilla.pilot.debug;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may see debug pages: whoever is on this machine (a port-forward is), and from elsewhere those who show the token
 * of a file. Without such a file nobody else.
 *
 * @param tokenFile holds one token; it is read for each request, so that it can be replaced
 */
record DebugAccess(Optional<Path> tokenFile) {
    private static final String BEARER = "Bearer ";
    private static final int UNAUTHORIZED = 401;

    /** Goes on, or answers 401. */
    void check(RoutingContext context) {
        if (allowed(
                context.request().connection().remoteAddress(),
                context.request().getHeader("authorization"))) {
            context.next();
        } else {
            context.response()
                    .setStatusCode(UNAUTHORIZED)
                    .putHeader("www-authenticate", "Bearer")
                    .putHeader("content-type", "application/json")
                    .end("{\"error\":\"debug pages are for this machine, or for the token of"
                            + " flotilla.debug-token-file\"}");
        }
    }

    boolean allowed(SocketAddress peer, @org.jspecify.annotations.Nullable String authorization) {
        if (peer != null && loopback(peer)) {
            return true;
        }
        return authorization != null
                && authorization.startsWith(BEARER)
                && token().filter(token -> same(token, authorization.substring(BEARER.length())))
                        .isPresent();
    }

    private static boolean loopback(SocketAddress peer) {
        String host = peer.hostAddress();
        try {
            // An address in digits is not looked up.
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Optional<String> token() {
        return tokenFile
                .map(file -> {
                    try {
                        return Files.readString(file).strip();
                    } catch (IOException e) {
                        return "";
                    }
                })
                .filter(token -> !token.isEmpty());
    }

    private static boolean same(String left, String right) {
        return MessageDigest.isEqual(
                left.getBytes(StandardCharsets.UTF_8), right.strip().getBytes(StandardCharsets.UTF_8));
    }
}
