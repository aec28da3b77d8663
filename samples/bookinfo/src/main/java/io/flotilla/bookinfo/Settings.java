package io.flotilla.bookinfo;

import io.flotilla.bookinfo.http.Drain;
import io.flotilla.bookinfo.http.Upstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the environment says; names are those of the well-known sample, and FLOTILLA_... where it has none. */
record Settings(Map<String, String> environment) {

    static Settings of(Map<String, String> environment) {
        return new Settings(Map.copyOf(environment));
    }

    /** Where to listen: the first argument, else PORT, else the role's own port. */
    InetSocketAddress address(List<String> arguments, int ownPort) {
        String port = arguments.isEmpty() ? value("PORT", Integer.toString(ownPort)) : arguments.getFirst();
        return new InetSocketAddress(value("FLOTILLA_BIND", "0.0.0.0"), number("port", port));
    }

    Instance instance() {
        return new Instance(
                value("HOSTNAME", "unknown"), value("CLUSTER_NAME", "null"), value("SERVICE_VERSION", "v1"));
    }

    Stars stars() {
        return Boolean.parseBoolean(value("ENABLE_RATINGS", "false"))
                ? new Stars.Coloured(value("STAR_COLOR", "black"))
                : new Stars.None();
    }

    Services services() {
        return new Services(upstream("details"), upstream("reviews"), upstream("ratings"));
    }

    /** How to stop: a second without requests is enough, ten seconds are too much. */
    Drain drain() {
        return new Drain(millis("FLOTILLA_DRAIN_QUIET_MS", 1_000), millis("FLOTILLA_DRAIN_LIMIT_MS", 10_000));
    }

    private Upstream upstream(String service) {
        String prefix = service.toUpperCase(Locale.ROOT);
        String host = value(prefix + "_HOSTNAME", service);
        String domain = value("SERVICES_DOMAIN", "");
        String port = value(prefix + "_SERVICE_PORT", "9080");
        return Upstream.at(
                host + (domain.isEmpty() ? "" : "." + domain),
                number(prefix + "_SERVICE_PORT", port),
                value("http_proxy", value("HTTP_PROXY", "")));
    }

    private Duration millis(String name, int otherwise) {
        return Duration.ofMillis(number(name, value(name, Integer.toString(otherwise))));
    }

    private String value(String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static int number(String name, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new IllegalArgumentException(name + " must be a number from 0 to 65535: " + value);
    }
}
