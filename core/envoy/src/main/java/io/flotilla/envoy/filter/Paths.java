package io.flotilla.envoy.filter;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.envoy.Wire;

/** What is done to a request's path before anything looks at it; the application gets the result. */
public final class Paths {
    private Paths() {}

    /** MeshConfig's pathNormalization: where it says nothing, dot segments and backslashes are resolved (BASE). */
    public static void normalize(HttpConnectionManager.Builder manager, NormalizationType type) {
        switch (type) {
            case NONE -> manager.setNormalizePath(Wire.no());
            case DEFAULT, BASE, UNRECOGNIZED -> manager.setNormalizePath(Wire.yes());
            case MERGE_SLASHES -> manager.setNormalizePath(Wire.yes()).setMergeSlashes(true);
            case DECODE_AND_MERGE_SLASHES ->
                manager.setNormalizePath(Wire.yes())
                        .setMergeSlashes(true)
                        .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD);
        }
    }
}
