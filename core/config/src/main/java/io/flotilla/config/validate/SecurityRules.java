package io.flotilla.config.validate;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.model.Kind;

/** The rules of security.istio.io, of authentication.istio.io before it, and of security.flotilla.io. */
final class SecurityRules {
    private SecurityRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.PEER_AUTHENTICATION, PeerAuthentication.class, AuthenticationRules::peers);
        rules.add(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.class, RequestAuthenticationRules::check);
        rules.add(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.class, AuthorizationRules::check);
        rules.add(Kind.REVOCATION, Revocation.class, RevocationRules::check);
        rules.add(Kind.KEY_SET, KeySet.class, KeySetRules::check);
        rules.add(Kind.POLICY, Policy.class, AuthenticationRules::policy);
        rules.add(Kind.MESH_POLICY, Policy.class, AuthenticationRules::meshPolicy);
    }
}
