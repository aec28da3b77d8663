package io.flotilla.policy;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Somebody tries to reach a port of a workload.
 *
 * @param caller  who
 * @param target  what the connection is for
 * @param request what is asked; empty for a connection that is not HTTP
 */
public record Attempt(Caller caller, Target target, Optional<Request> request) {
    /**
     * Who calls.
     *
     * @param identity "spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT" of the certificate that it shows where the port takes
     *                 mesh TLS; empty for one who comes in plaintext
     * @param serial   of that certificate, hexadecimal; empty where it is not known
     * @param issued   when that certificate begins, where it is known
     * @param sourceIp where the connection comes from; empty where it is not known: then it is in no range
     * @param remoteIp the original client as trusted proxies tell it; empty for the same as {@code sourceIp}
     */
    public record Caller(String identity, String serial, Optional<Instant> issued, String sourceIp, String remoteIp) {
        /** In plaintext, from an address. */
        public static Caller plain(String sourceIp) {
            return new Caller("", "", Optional.empty(), sourceIp, "");
        }

        /** With an identity, from an address. */
        public static Caller of(String identity, String sourceIp) {
            return new Caller(identity, "", Optional.empty(), sourceIp, "");
        }
    }

    /**
     * What the connection is for.
     *
     * @param address    of the workload; empty where it is not known
     * @param serverName that a TLS client asks for; empty for none
     */
    public record Target(String address, String serverName) {
        public static final Target UNKNOWN = new Target("", "");
    }

    /**
     * One request.
     *
     * @param host    with the port, if the client names one
     * @param path    as the client sends it, with query; it is normalised as the mesh's settings say
     * @param headers name in lower case to values, each line one
     * @param token   what a token in the place where policies look for one says
     */
    public record Request(String method, String host, String path, Map<String, List<String>> headers, Token token) {
        public Request {
            Map<String, List<String>> lower = new TreeMap<>();
            headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
            headers = Map.copyOf(lower);
        }

        /** Without headers and token. */
        public static Request of(String method, String host, String path) {
            return new Request(method, host, path, Map.of(), new Token.Missing());
        }
    }

    public static Attempt request(Caller caller, Request request) {
        return new Attempt(caller, Target.UNKNOWN, Optional.of(request));
    }

    public static Attempt connection(Caller caller) {
        return new Attempt(caller, Target.UNKNOWN, Optional.empty());
    }
}
