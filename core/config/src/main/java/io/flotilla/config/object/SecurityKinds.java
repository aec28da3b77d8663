package io.flotilla.config.object;

import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.model.Kind;
import java.util.List;

/** security.istio.io and security.flotilla.io: who is believed, who no more, and who may do what. */
final class SecurityKinds {
    private static final String[] VERSIONS = {"v1beta1", "v1"};

    private SecurityKinds() {}

    static List<KnownKind> list() {
        return List.of(
                KnownKind.spec(Kind.PEER_AUTHENTICATION, PeerAuthentication.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.getDefaultInstance(), VERSIONS),
                // Of the cluster: it strikes identities of every namespace.
                KnownKind.clusterSpec(Kind.REVOCATION, Revocation.getDefaultInstance(), "v1"),
                // Of the cluster too: policies of every namespace believe these keys.
                KnownKind.clusterSpec(Kind.KEY_SET, KeySet.getDefaultInstance(), "v1"));
    }
}
