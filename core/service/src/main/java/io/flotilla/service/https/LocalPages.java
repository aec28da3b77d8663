package io.flotilla.service.https;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Who may read debug pages, which tell of every namespace: whoever is on the machine or in the pod (a forwarded port
 * ends there), and nobody else unless the operator says so.
 *
 * @param remote callers from elsewhere may read them too
 */
public record LocalPages(boolean remote) {
    /** What others are told. */
    public static final String REFUSAL =
            "debug pages are for callers on this machine: forward the port, or set flotilla.debug-remote";

    private static final int FORBIDDEN = 403;

    /** Whether a request for a path may go on. */
    public boolean permits(String path, @Nullable SocketAddress caller) {
        boolean debug = path.equals("/debug") || path.startsWith("/debug/");
        return remote || !debug || (caller != null && local(caller.hostAddress()));
    }

    /** Lets a request go on, or answers it by the refusal. */
    public void guard(RoutingContext request) {
        if (permits(request.normalizedPath(), request.request().remoteAddress())) {
            request.next();
        } else {
            request.response().setStatusCode(FORBIDDEN).end(REFUSAL + "\n");
        }
    }

    private static boolean local(@Nullable String address) {
        try {
            return address != null && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
