package io.flotilla.service.caller;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.KeyCache;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.service.fetch.GuardedFetch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * An issuer of tokens, as settings name it.
 *
 * @param setting  under which the rest is found, for messages: "flotilla.oidc.google"
 * @param issuer   the exact "iss"
 * @param audience one of "aud"
 * @param keys     where its public keys are
 * @param subjects SUBJECT=NAMESPACE/ACCOUNT each; empty where the tokens are Kubernetes' and name the account
 */
public record IssuerSettings(String setting, String issuer, String audience, Keys keys, List<String> subjects) {
    public IssuerSettings {
        subjects = List.copyOf(subjects);
    }

    /**
     * Where keys are: in a file, or at an address.
     *
     * @param allowPrivate whether they are fetched from private, link-local and loopback addresses, and without TLS
     */
    public record Keys(Optional<String> file, Optional<URI> uri, boolean allowPrivate) {}

    /** The issuer, to be believed by its keys alone. */
    public TokenProof.Issuer believed(Clock clock) {
        return believed(clock, BoundObjects.UNCHECKED);
    }

    /** The same, where what its tokens are bound to is looked for. */
    public TokenProof.Issuer believed(Clock clock, BoundObjects bound) {
        TokenPolicy policy = subjects.isEmpty()
                ? new TokenPolicy(issuer, audience, TokenPolicy.LEEWAY)
                : new TokenPolicy(issuer, audience, TokenPolicy.LEEWAY, new TokenPolicy.Subjects.Named(accounts()));
        return new TokenProof.Issuer(policy, source(clock), bound);
    }

    private KeySource source(Clock clock) {
        return keys.uri()
                .<KeySource>map(uri -> fetched(uri, keys.allowPrivate(), clock))
                .orElseGet(() -> new TokenKeys(keys.file()
                        .map(Path::of)
                        .orElseThrow(() ->
                                new IllegalStateException(setting + " has no keys: set its jwks-file or jwks-uri"))));
    }

    /** Keys at an address that a user wrote. */
    public static KeySource fetched(URI uri, boolean allowPrivate, Clock clock) {
        GuardedFetch fetch =
                new GuardedFetch(GuardedFetch.Limits.PUBLIC.allowingPrivate(allowPrivate), (SSLSocketFactory)
                        SSLSocketFactory.getDefault());
        return new FetchedKeys(uri.toString(), () -> fetch.get(uri), clock, KeyCache.Periods.USUAL);
    }

    private Map<String, ServiceAccount> accounts() {
        Map<String, ServiceAccount> accounts = new LinkedHashMap<>();
        for (String rule : subjects) {
            int at = rule.lastIndexOf('=');
            String[] parts = rule.substring(at + 1).strip().split("/", -1);
            ServiceAccount account = Optional.of(parts)
                    .filter(both -> both.length == 2 && at > 0)
                    .flatMap(both -> ServiceAccount.parse(both[0], both[1]))
                    .orElseThrow(() -> new IllegalStateException(
                            setting + ".subjects: \"" + rule + "\" is not SUBJECT=NAMESPACE/ACCOUNT"));
            accounts.put(rule.substring(0, at), account);
        }
        return accounts;
    }
}
