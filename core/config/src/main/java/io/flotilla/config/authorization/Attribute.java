package io.flotilla.config.authorization;

import java.util.List;
import java.util.Locale;

/**
 * Something that is known of a request or connection, and that policies ask for.
 *
 * @param kind what it is
 * @param path of {@code HEADER} its name in lower case, of {@code CLAIM} the names from the token's root down, of
 *     {@code METADATA} the filter and the key, else empty
 */
public record Attribute(Kind kind, List<String> path) {
    /** Most slashes in a value of {@code REQUEST_PRINCIPAL}: each may be the one after the issuer, a way to match. */
    public static final int MOST_SLASHES = 16;

    /** All there are. */
    public enum Kind {
        /** SPIFFE identity of the peer without "spiffe://". */
        PRINCIPAL(true, false),
        /** Of the peer's identity. */
        NAMESPACE(true, false),
        /** "NAMESPACE/NAME" of the peer's identity. */
        SERVICE_ACCOUNT(true, false),
        /** Of the peer's identity. */
        TRUST_DOMAIN(true, false),
        /** Address that the connection comes from. */
        SOURCE_IP(true, false),
        /** Address of the original client, where trusted proxies tell it. */
        REMOTE_IP(true, false),
        /** "ISSUER/SUBJECT" of a valid token. */
        REQUEST_PRINCIPAL(true, true),
        /** For whom a valid token is. */
        AUDIENCE(true, true),
        /** Who may present a valid token (its claim "azp"). */
        PRESENTER(true, true),
        CLAIM(true, true),
        HEADER(true, true),
        HOST(false, true),
        METHOD(false, true),
        PATH(false, true),
        PORT(false, false),
        DESTINATION_IP(false, false),
        /** Name that a TLS client asks for. */
        SERVER_NAME(false, false),
        /** Dynamic metadata of one of Envoy's filters. */
        METADATA(false, false),
        /** What no proxy can tell. */
        UNKNOWN(true, true);

        private final boolean source;
        private final boolean http;

        Kind(boolean source, boolean http) {
            this.source = source;
            this.http = http;
        }

        /** About the caller rather than what is called. */
        public boolean isSource() {
            return source;
        }

        /** Only requests have it, connections do not. */
        public boolean isHttp() {
            return http;
        }
    }

    public Attribute {
        path = List.copyOf(path);
    }

    public static Attribute of(Kind kind) {
        return new Attribute(kind, List.of());
    }

    public static Attribute header(String name) {
        return new Attribute(Kind.HEADER, List.of(name.toLowerCase(Locale.ROOT)));
    }

    /** The attribute that a condition's key names: "request.headers[x-user]", "source.ip". */
    public static Attribute parse(String key) {
        int bracket = key.indexOf('[');
        if (bracket < 0) {
            return of(plain(key));
        }
        List<String> names = key.endsWith("]")
                ? List.of(key.substring(bracket + 1, key.length() - 1).split("]\\[", -1))
                : List.of();
        String base = key.substring(0, bracket);
        if (names.isEmpty() || names.contains("")) {
            return of(Kind.UNKNOWN);
        }
        if (base.equals("request.headers")) {
            return names.size() == 1 ? header(names.getFirst()) : of(Kind.UNKNOWN);
        }
        if (base.equals("request.auth.claims")) {
            return new Attribute(Kind.CLAIM, names);
        }
        String filters = "experimental.envoy.filters.";
        return base.startsWith(filters) && names.size() == 1
                ? new Attribute(Kind.METADATA, List.of(base.substring("experimental.".length()), names.getFirst()))
                : of(Kind.UNKNOWN);
    }

    private static Kind plain(String key) {
        return switch (key) {
            case "source.principal" -> Kind.PRINCIPAL;
            case "source.namespace" -> Kind.NAMESPACE;
            case "source.serviceAccount" -> Kind.SERVICE_ACCOUNT;
            case "source.trustDomain" -> Kind.TRUST_DOMAIN;
            case "source.ip" -> Kind.SOURCE_IP;
            case "remote.ip" -> Kind.REMOTE_IP;
            case "request.auth.principal" -> Kind.REQUEST_PRINCIPAL;
            case "request.auth.audiences" -> Kind.AUDIENCE;
            case "request.auth.presenter" -> Kind.PRESENTER;
            case "destination.ip" -> Kind.DESTINATION_IP;
            case "destination.port" -> Kind.PORT;
            case "connection.sni" -> Kind.SERVER_NAME;
            default -> Kind.UNKNOWN;
        };
    }
}
