package io.flotilla.envoy.cluster;

import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.envoy.tls.OriginatedTls;
import java.util.Optional;

/**
 * What requests over TLS that a rule starts say to the server, and what it must show, where the rule names neither: the
 * host that is asked for. 1.1 knew nothing of it.
 */
final class ServerNames {
    private ServerNames() {}

    /** @param tls settled */
    static Optional<UpstreamHttpProtocolOptions> of(OutboundCluster input, ClientTLSSettings tls) {
        boolean starts = switch (tls.getMode()) {
            case SIMPLE, MUTUAL -> true;
            case DISABLE, ISTIO_MUTUAL, UNRECOGNIZED -> false;
        };
        if (!starts || !tls.getSni().isEmpty() || input.mesh().classic()) {
            return Optional.empty();
        }
        boolean named =
                tls.getSubjectAltNamesCount() > 0 || !input.target().names().isEmpty();
        return Optional.of(UpstreamHttpProtocolOptions.newBuilder()
                .setAutoSni(true)
                .setAutoSanValidation(!named && OriginatedTls.verifies(tls, input.credentials()))
                .build());
    }
}
