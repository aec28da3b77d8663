package io.flotilla.envoy.route;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.HTTPRetry;
import io.flotilla.envoy.Scope;
import java.util.Optional;

/**
 * What holds for routes of the whole mesh.
 *
 * @param classic compatibility 1.1
 * @param retries MeshConfig's defaultHttpRetryPolicy; empty where it has none
 * @param tellsHost a host that a rule changes goes on in x-forwarded-host (defaultConfig.proxyHeaders.xForwardedHost)
 */
record Standard(boolean classic, Optional<HTTPRetry> retries, boolean tellsHost) {
    static Standard of(Scope scope) {
        MeshConfig mesh = scope.snapshot().meshConfig();
        return new Standard(
                scope.settings().classic(),
                mesh.hasDefaultHttpRetryPolicy() ? Optional.of(mesh.getDefaultHttpRetryPolicy()) : Optional.empty(),
                mesh.getDefaultConfig()
                        .getProxyHeaders()
                        .getXForwardedHost()
                        .getEnabled()
                        .getValue());
    }
}
