package io.flotilla.config.object;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.model.Kind;
import java.util.List;

/** security.istio.io: who is believed, and who may do what. */
final class SecurityKinds {
    private static final String[] VERSIONS = {"v1beta1", "v1"};

    private SecurityKinds() {}

    static List<KnownKind> list() {
        return List.of(
                KnownKind.spec(Kind.PEER_AUTHENTICATION, PeerAuthentication.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.getDefaultInstance(), VERSIONS));
    }
}
