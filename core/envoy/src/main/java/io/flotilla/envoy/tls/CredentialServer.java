package io.flotilla.envoy.tls;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.flotilla.envoy.bootstrap.SdsConfig;

/** Who serves a proxy the credentials that a DestinationRule names (tls.credentialName). */
public enum CredentialServer {
    /** The gateway service beside the proxy. */
    GATEWAY {
        @Override
        SdsSecretConfig certificate(String name) {
            return SdsConfig.edgeCertificate(name);
        }

        @Override
        SdsSecretConfig authority(String name) {
            return SdsConfig.edgeAuthority(name);
        }
    },
    /** Citadel, to sidecars of service accounts that may read the Secret; for rules that select their clients. */
    CITADEL {
        @Override
        SdsSecretConfig certificate(String name) {
            return SdsConfig.workloadCertificate(name);
        }

        @Override
        SdsSecretConfig authority(String name) {
            return SdsConfig.workloadAuthority(name);
        }
    },
    /** Nobody: the rule is for everybody, and most may not read the Secret. */
    NOBODY {
        @Override
        SdsSecretConfig certificate(String name) {
            throw new IllegalStateException("nobody serves " + name);
        }

        @Override
        SdsSecretConfig authority(String name) {
            throw new IllegalStateException("nobody serves " + name);
        }
    };

    abstract SdsSecretConfig certificate(String name);

    abstract SdsSecretConfig authority(String name);
}
