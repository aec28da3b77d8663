package io.flotilla.config.snapshot;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which protocol a port speaks, from what the platform says of it. */
public final class Protocols {
    private static final Map<String, Protocol> BY_NAME = Map.ofEntries(
            Map.entry("http", Protocol.HTTP),
            Map.entry("http2", Protocol.HTTP2),
            Map.entry("grpc", Protocol.GRPC),
            Map.entry("grpc-web", Protocol.GRPC_WEB),
            Map.entry("https", Protocol.HTTPS),
            Map.entry("tls", Protocol.TLS),
            Map.entry("tcp", Protocol.TCP),
            Map.entry("mongo", Protocol.MONGO),
            Map.entry("mysql", Protocol.MYSQL),
            Map.entry("redis", Protocol.REDIS),
            Map.entry("udp", Protocol.UDP),
            Map.entry("kubernetes.io/h2c", Protocol.HTTP2),
            Map.entry("kubernetes.io/ws", Protocol.HTTP),
            Map.entry("kubernetes.io/wss", Protocol.HTTPS));

    /** SMTP, DNS, MySQL, MongoDB: there the server speaks first, or sniffing never ends well. */
    private static final Set<Integer> NEVER_SNIFFED = Set.of(25, 53, 3306, 27017);

    private Protocols() {}

    /** By its name, in any case: "HTTP", "GRPC-Web", "kubernetes.io/h2c". */
    public static Optional<Protocol> parse(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The protocol of a service's port: appProtocol, then the port name up to its first dash. What neither says is
     * found out by sniffing; in classic mode it is TCP, and appProtocol does not count.
     */
    public static Protocol ofPort(String name, int number, String transport, String appProtocol, boolean classic) {
        if (!transport.isEmpty() && !transport.equalsIgnoreCase("TCP")) {
            // Nothing but TCP passes the proxies: SCTP is left alone as UDP is.
            return Protocol.UDP;
        }
        Optional<Protocol> known = classic || appProtocol.isEmpty() ? Optional.empty() : parse(appProtocol);
        return known.or(() -> ofName(name)).orElseGet(() -> unnamed(number, classic));
    }

    private static Optional<Protocol> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("grpc-web") || lower.startsWith("grpc-web-")) {
            return Optional.of(Protocol.GRPC_WEB);
        }
        int dash = lower.indexOf('-');
        return parse(dash < 0 ? lower : lower.substring(0, dash));
    }

    private static Protocol unnamed(int number, boolean classic) {
        return classic || NEVER_SNIFFED.contains(number) ? Protocol.TCP : Protocol.AUTO;
    }
}
