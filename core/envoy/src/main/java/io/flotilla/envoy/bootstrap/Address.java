package io.flotilla.envoy.bootstrap;

import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.util.regex.Pattern;

/**
 * An address of a static listener or cluster.
 *
 * @param host an IP address, a DNS name, or a {@link Placeholder} that becomes one
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    public Address {
        if (host.isBlank()) {
            throw new IllegalArgumentException("an address needs a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of " + host + " is not between 1 and 65535");
        }
    }

    /** Reads "HOST:PORT", with an IPv6 host in brackets. */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("\"" + text + "\" is not HOST:PORT");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        try {
            return new Address(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not HOST:PORT", e);
        }
    }

    /** Whether Envoy can use the host as it is, without DNS; true for placeholders, which become IP addresses. */
    public boolean numeric() {
        return NUMERIC.matcher(host).matches() || Placeholder.isIn(host);
    }

    io.envoyproxy.envoy.config.core.v3.Address toEnvoy() {
        // Every address is one of IPv4 too; Envoy does not look at this where the address is one of IPv4.
        boolean any = host.equals("::") || host.equals(Placeholder.ANY_IP.text());
        return io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder()
                        .setAddress(host)
                        .setPortValue(port)
                        .setIpv4Compat(any))
                .build();
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
