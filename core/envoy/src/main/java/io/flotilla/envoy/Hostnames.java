package io.flotilla.envoy;

/** Host names of the mesh: how short ones become full, and which a wildcard covers. */
public final class Hostnames {
    private Hostnames() {}

    /** "reviews" in "default" is "reviews.default.svc.cluster.local"; a name with a dot, or a wildcard, stays. */
    public static String resolve(String host, String namespace, String domainSuffix) {
        return host.contains(".") || host.startsWith("*") ? host : host + "." + namespace + ".svc." + domainSuffix;
    }

    /** Whether a pattern, maybe with a leading "*", covers a host; "*.foo.com" does not cover "foo.com". */
    public static boolean covers(String pattern, String host) {
        if (!pattern.startsWith("*")) {
            return pattern.equals(host);
        }
        String tail = pattern.substring(1);
        String name = host.startsWith("*") ? host.substring(1) : host;
        return name.endsWith(tail) && (tail.isEmpty() || host.startsWith("*") || name.length() > tail.length());
    }

    /** The narrower of two patterns where one covers the other, else empty. */
    public static java.util.Optional<String> intersection(String one, String other) {
        if (covers(one, other)) {
            return java.util.Optional.of(other);
        }
        return covers(other, one) ? java.util.Optional.of(one) : java.util.Optional.empty();
    }
}
