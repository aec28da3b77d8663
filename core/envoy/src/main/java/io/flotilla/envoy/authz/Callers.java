package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.authorization.TextPattern;
import java.util.List;

/** Terms about the caller. */
final class Callers {
    private Callers() {}

    static Principal of(Term term) {
        Principal any =
                Sides.orOf(term.values().stream().map(value -> of(term, value)).toList());
        return term.negated() ? Sides.not(any) : any;
    }

    private static Principal of(Term term, String value) {
        List<String> path = term.attribute().path();
        return switch (term.attribute().kind()) {
            case PRINCIPAL -> Identities.principal(value);
            case NAMESPACE -> Identities.namespace(value);
            case SERVICE_ACCOUNT -> Identities.account(value);
            case TRUST_DOMAIN -> Identities.trustDomain(value);
            case SOURCE_IP ->
                Principal.newBuilder().setDirectRemoteIp(Texts.range(value)).build();
            case REMOTE_IP ->
                Principal.newBuilder().setRemoteIp(Texts.range(value)).build();
            case REQUEST_PRINCIPAL -> Tokens.principal(value);
            case AUDIENCE -> Tokens.claim(List.of("aud"), value);
            case PRESENTER -> Tokens.claim(List.of("azp"), value);
            case CLAIM -> Tokens.claim(path, value);
            case HEADER ->
                Principal.newBuilder()
                        .setHeader(Texts.header(path.getFirst(), TextPattern.parse(value)))
                        .build();
            case HOST, METHOD, PATH, PORT, DESTINATION_IP, SERVER_NAME, METADATA, UNKNOWN ->
                throw new IllegalArgumentException(term.field() + " is not about the caller");
        };
    }
}
