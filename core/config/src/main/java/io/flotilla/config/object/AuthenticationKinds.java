package io.flotilla.config.object;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.config.model.Kind;
import java.util.List;

/** authentication.istio.io, of 1.1. */
final class AuthenticationKinds {
    private AuthenticationKinds() {}

    static List<KnownKind> list() {
        return List.of(
                KnownKind.spec(Kind.POLICY, Policy.getDefaultInstance(), "v1alpha1"),
                KnownKind.clusterSpec(Kind.MESH_POLICY, Policy.getDefaultInstance(), "v1alpha1"));
    }
}
