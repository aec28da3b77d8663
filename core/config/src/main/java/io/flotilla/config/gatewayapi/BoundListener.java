package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A listener of a Gateway, judged.
 *
 * @param gateway    of which it is
 * @param listener   as it was written
 * @param form       what it does with connections; absent where its protocol is not supported
 * @param kinds      of routes that it takes
 * @param tls        that it ends or passes
 * @param conditions what is wrong with it; none where all is well
 */
record BoundListener(
        Config<Gateway> gateway,
        Listener listener,
        Optional<Form> form,
        List<String> kinds,
        Optional<ServerTLSSettings> tls,
        List<Condition> conditions) {
    /** What a listener does with connections. */
    enum Form {
        HTTP("HTTP"),
        HTTPS("HTTPS"),
        /** TLS passes, chosen by name. */
        PASSTHROUGH("TLS"),
        /** TLS ends here, anything inside. */
        TERMINATED("TLS"),
        TCP("TCP");

        private final String protocol;

        Form(String protocol) {
            this.protocol = protocol;
        }

        /** As Istio's Gateway calls it. */
        String protocol() {
            return protocol;
        }

        /** The kinds of routes that it can take. */
        List<String> kinds() {
            return switch (this) {
                case HTTP, HTTPS -> List.of("HTTPRoute", "GRPCRoute");
                case PASSTHROUGH -> List.of("TLSRoute");
                case TERMINATED -> List.of("TCPRoute", "TLSRoute");
                case TCP -> List.of("TCPRoute");
            };
        }

        boolean isHttp() {
            return this == HTTP || this == HTTPS;
        }

        boolean isTls() {
            return this == HTTPS || this == PASSTHROUGH || this == TERMINATED;
        }

        static Optional<Form> of(Listener listener) {
            boolean passes = listener.getTls().getMode().equals("Passthrough");
            return Optional.ofNullable(
                    switch (listener.getProtocol().toUpperCase(Locale.ROOT)) {
                        case "HTTP" -> HTTP;
                        case "HTTPS" -> HTTPS;
                        case "TLS" -> passes ? PASSTHROUGH : TERMINATED;
                        case "TCP" -> TCP;
                        default -> null;
                    });
        }
    }

    BoundListener {
        kinds = List.copyOf(kinds);
        conditions = List.copyOf(conditions);
    }

    /** Its host name; "*" for all. */
    String host() {
        return listener.getHostname().isEmpty() ? "*" : listener.getHostname();
    }

    boolean has(String condition) {
        return conditions.stream().anyMatch(each -> each.type().equals(condition));
    }

    /** Becomes a server of the proxies. */
    boolean usable() {
        return form.isPresent() && conditions.stream().allMatch(this::harmless);
    }

    /** Kinds of routes that it does not take are no reason not to serve the others. */
    private boolean harmless(Condition condition) {
        return condition.reason().equals("InvalidRouteKinds") && !kinds.isEmpty();
    }

    /** Takes part in the competition for ports and hosts. */
    boolean accepted() {
        return !has("Accepted");
    }

    /** The name of the Gateway of Istio's that is made of it. */
    String derivedName() {
        return DerivedNames.of(gateway.name(), listener.getName());
    }
}
