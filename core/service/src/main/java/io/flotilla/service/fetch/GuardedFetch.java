package io.flotilla.service.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * An HTTP GET for a small document at an address that a user wrote. It connects to the very address that was checked,
 * so that no second look at DNS leads elsewhere; redirects are checked the same way, and none leads from TLS to plaintext;
 * size and time are bounded. What a server answers is never part of a message.
 */
public final class GuardedFetch {
    private final Limits limits;
    private final SSLSocketFactory tls;

    /**
     * Bounds of a fetch.
     *
     * @param bytes        most of a body
     * @param time         for everything, redirects included
     * @param redirects    most that are followed
     * @param allowPrivate whether private, link-local and loopback addresses may be asked, and without TLS
     */
    public record Limits(int bytes, Duration time, int redirects, boolean allowPrivate) {
        /** 1 MiB, 5 s, 3 redirects, public addresses by TLS. */
        public static final Limits PUBLIC = new Limits(1 << 20, Duration.ofSeconds(5), 3, false);

        public Limits allowingPrivate(boolean allowed) {
            return new Limits(bytes, time, redirects, allowed);
        }
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Fetched(String body) implements Outcome {}

        record Failed(String message) implements Outcome {}
    }

    /** Believes the servers that this factory believes. */
    public GuardedFetch(Limits limits, SSLSocketFactory tls) {
        this.limits = limits;
        this.tls = tls;
    }

    /** Fetches; blocks for as long as the limits allow. */
    public Outcome get(URI uri) {
        Deadline deadline = Deadline.in(limits.time());
        URI at = uri;
        try {
            for (int i = 0; i <= limits.redirects(); i++) {
                Response response = once(at, deadline);
                Optional<URI> next = response.redirect(at);
                if (next.isEmpty()) {
                    return response.status() == 200
                            ? new Outcome.Fetched(response.body())
                            : new Outcome.Failed(at + " answers with status " + response.status());
                }
                if (isHttps(at) && !isHttps(next.get())) {
                    return new Outcome.Failed(at + " redirects to an address without TLS");
                }
                at = next.get();
            }
            return new Outcome.Failed(uri + " redirects more than " + limits.redirects() + " times");
        } catch (UnknownHostException e) {
            return new Outcome.Failed("host of " + at + " is unknown");
        } catch (IOException | IllegalArgumentException e) {
            return new Outcome.Failed(at + " cannot be fetched: " + e.getMessage());
        }
    }

    private static boolean isHttps(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private Response once(URI uri, Deadline deadline) throws IOException {
        boolean secure = isHttps(uri);
        if (!secure && !("http".equalsIgnoreCase(uri.getScheme()) && limits.allowPrivate())) {
            throw new IOException("only https is fetched");
        }
        String host = uri.getHost();
        if (host == null || uri.getUserInfo() != null) {
            throw new IOException("the address has no plain host");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        try (Socket plain = connect(checked(host), port, deadline);
                Socket socket = secure ? secured(plain, host, port) : plain) {
            socket.setSoTimeout(deadline.millis());
            socket.getOutputStream().write(request(uri, host).getBytes(StandardCharsets.US_ASCII));
            return Response.read(new BoundedInput(socket, deadline), limits.bytes());
        }
    }

    /** The first address, if all of them may be asked. */
    private InetAddress checked(String host) throws IOException {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetAddress[] all = InetAddress.getAllByName(bare);
        for (InetAddress each : all) {
            if (!limits.allowPrivate() && !PublicAddress.is(each)) {
                throw new IOException("its address " + each.getHostAddress()
                        + " is not public; private addresses are asked only where the settings allow it");
            }
        }
        return all[0];
    }

    private static Socket connect(InetAddress address, int port, Deadline deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), deadline.millis());
            socket.setSoTimeout(deadline.millis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String request(URI uri, String host) throws IOException {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String target = path + query;
        if (!target.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IOException("the address has characters that must be encoded");
        }
        String named = uri.getPort() >= 0 ? host + ":" + uri.getPort() : host;
        return "GET " + target + " HTTP/1.1\r\nHost: " + named.toLowerCase(Locale.ROOT)
                + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
    }
}
