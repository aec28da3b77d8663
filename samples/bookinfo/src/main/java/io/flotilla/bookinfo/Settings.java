package io.flotilla.bookinfo;

import io.flotilla.bookinfo.guestbook.Backends;
import io.flotilla.bookinfo.http.Drain;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.mysql.MySqlClient;
import io.flotilla.bookinfo.redis.RedisClient;
import io.flotilla.bookinfo.socket.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** What the environment says; names are those of the well-known sample, and FLOTILLA_... where it has none. */
record Settings(Map<String, String> environment) {
    private static final int LOWEST_STATUS = 200;
    private static final int HIGHEST_STATUS = 599;

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

    /** The guestbook's page asks these. */
    Backends backends() {
        return new Backends(
                upstream("entries", "guestbook-service", "8080"),
                upstream("greeting", "helloworld-service", "8080"),
                new RedisClient(place("redis", "6379")));
    }

    /** The guestbook's database; user and password are those of MySQL's well-known image. */
    MySqlClient database() {
        return new MySqlClient(
                place("mysql", "3306"),
                value("MYSQL_USER", "root"),
                databasePassword(),
                value("MYSQL_DATABASE", "guestbook"));
    }

    String databasePassword() {
        return value("MYSQL_PASSWORD", value("MYSQL_ROOT_PASSWORD", ""));
    }

    private Place place(String service, String port) {
        String prefix = service.toUpperCase(Locale.ROOT);
        String variable = prefix + "_PORT_NUMBER";
        return new Place(value(prefix + "_HOSTNAME", service), number(variable, value(variable, port)));
    }

    /** What echo answers whatever it is asked, so that it can play an instance that is broken. */
    OptionalInt status() {
        String status = value("ECHO_STATUS", "");
        return status.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(number("ECHO_STATUS", status, LOWEST_STATUS, HIGHEST_STATUS));
    }

    /** How to stop: a second without requests is enough, ten seconds are too much. */
    Drain drain() {
        return new Drain(millis("FLOTILLA_DRAIN_QUIET_MS", 1_000), millis("FLOTILLA_DRAIN_LIMIT_MS", 10_000));
    }

    private Upstream upstream(String service) {
        return upstream(service, service, "9080");
    }

    private Upstream upstream(String service, String ownHost, String ownPort) {
        String prefix = service.toUpperCase(Locale.ROOT);
        String host = value(prefix + "_HOSTNAME", ownHost);
        String domain = value("SERVICES_DOMAIN", "");
        String port = value(prefix + "_SERVICE_PORT", ownPort);
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
        return number(name, value, 0, 65_535);
    }

    private static int number(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most + ": " + value);
    }
}
