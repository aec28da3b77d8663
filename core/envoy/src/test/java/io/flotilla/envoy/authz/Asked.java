package io.flotilla.envoy.authz;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the differential test.
 *
 * @param identity SPIFFE identity of the client's certificate; null in plaintext
 * @param path     as it is sent, with query
 * @param values   of the header "x-a", one line each
 * @param client   what "x-forwarded-for" says; empty without it
 * @param bearer   the token that it brings
 * @param paths    what the mesh does to paths
 */
record Asked(
        @Nullable String identity,
        String method,
        String path,
        String host,
        List<String> values,
        String client,
        Bearer bearer,
        NormalizationType paths) {
    /** The same request in a mesh that does so to paths. */
    Asked under(NormalizationType other) {
        return new Asked(identity, method, path, host, values, client, bearer, other);
    }

    /** The path that policies see. */
    String seen() {
        return PathJudge.seen(paths, path);
    }
}
