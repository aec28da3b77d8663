package io.flotilla.config.authentication;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.model.Config;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** The addresses of keys that policies name. */
public final class KeyAddresses {
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    private KeyAddresses() {}

    /**
     * Where the keys of a rule are: its own address, else the OpenID configuration of the issuer (OpenID Connect
     * Discovery 1.0, section 4), which names one.
     *
     * @return empty where the issuer is no address of the web either
     */
    public static String of(String jwksUri, String issuer) {
        if (!jwksUri.isEmpty()) {
            return jwksUri;
        }
        return issuer.startsWith("http://") || issuer.startsWith("https://")
                ? (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + DISCOVERY
                : "";
    }

    /** What is found there is an OpenID configuration, not the keys themselves. */
    public static boolean isDiscovery(String address) {
        return address.endsWith(DISCOVERY);
    }

    /** The issuer whose OpenID configuration is there, without a slash at its end. */
    public static String issuer(String discovery) {
        return discovery.substring(0, discovery.length() - DISCOVERY.length());
    }

    /** Everything that these objects need, sorted. */
    public static SortedSet<String> wanted(Collection<? extends Config<?>> objects) {
        SortedSet<String> addresses = new TreeSet<>();
        for (Config<?> config : objects) {
            switch (config.spec()) {
                case RequestAuthentication policy ->
                    policy.getJwtRulesList().stream()
                            .filter(rule -> rule.getJwks().isEmpty())
                            .forEach(rule -> addresses.add(of(rule.getJwksUri(), rule.getIssuer())));
                case Policy policy ->
                    policy.getOriginsList().stream()
                            .map(origin -> origin.getJwt())
                            .filter(jwt -> jwt.getJwks().isEmpty())
                            .forEach(jwt -> addresses.add(of(jwt.getJwksUri(), jwt.getIssuer())));
                default -> {}
            }
        }
        addresses.remove("");
        return addresses;
    }
}
