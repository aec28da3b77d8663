package io.flotilla.envoy.tls;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.envoy.Wire;
import java.util.List;
import java.util.stream.Stream;

/** TLS that an edge proxy ends (Gateway servers with mode SIMPLE, MUTUAL, OPTIONAL_MUTUAL or ISTIO_MUTUAL). */
public final class EdgeTls {
    private EdgeTls() {}

    /** Whether the proxy ends TLS for this server; otherwise it passes, or there is none. */
    public static boolean terminates(ServerTLSSettings settings) {
        return switch (settings.getMode()) {
            case SIMPLE, MUTUAL, ISTIO_MUTUAL, OPTIONAL_MUTUAL -> true;
            case PASSTHROUGH, AUTO_PASSTHROUGH, UNRECOGNIZED -> false;
        };
    }

    /**
     * The server's side.
     *
     * @param http    offers HTTP/2 and HTTP/1.1
     * @param members whom ISTIO_MUTUAL lets in
     * @param named   who serves the credentials that the settings name
     */
    public static TransportSocket of(ServerTLSSettings settings, boolean http, Members members, EdgeCredentials named) {
        if (settings.getMode() == ServerTLSSettings.TLSmode.ISTIO_MUTUAL) {
            return MeshTls.serverSide(members);
        }
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder().setTlsParams(parameters(settings));
        if (http) {
            common.addAllAlpnProtocols(List.of("h2", "http/1.1"));
        }
        certificate(settings, common, named);
        boolean required = settings.getMode() == ServerTLSSettings.TLSmode.MUTUAL;
        if (required || settings.getMode() == ServerTLSSettings.TLSmode.OPTIONAL_MUTUAL) {
            authority(settings, common, named);
        }
        DownstreamTlsContext.Builder context = DownstreamTlsContext.newBuilder()
                .setRequireClientCertificate(required ? Wire.yes() : Wire.no())
                .setCommonTlsContext(common);
        if (common.hasValidationContext() || common.hasCombinedValidationContext()) {
            // Nobody looks at the certificate of a client that takes up a session again.
            context.setDisableStatelessSessionResumption(true).setDisableStatefulSessionResumption(true);
        }
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Wire.any(context.build()))
                .build();
    }

    private static void certificate(
            ServerTLSSettings settings, CommonTlsContext.Builder common, EdgeCredentials named) {
        if (!settings.getCredentialName().isEmpty()) {
            common.addTlsCertificateSdsSecretConfigs(named.certificate(settings.getCredentialName()));
        } else if (settings.getCredentialNamesCount() > 0) {
            settings.getCredentialNamesList()
                    .forEach(name -> common.addTlsCertificateSdsSecretConfigs(named.certificate(name)));
        } else if (settings.getTlsCertificatesCount() > 0) {
            settings.getTlsCertificatesList()
                    .forEach(
                            pair -> common.addTlsCertificates(pair(pair.getServerCertificate(), pair.getPrivateKey())));
        } else {
            common.addTlsCertificates(pair(settings.getServerCertificate(), settings.getPrivateKey()));
        }
    }

    private static TlsCertificate pair(String certificate, String key) {
        return TlsCertificate.newBuilder()
                .setCertificateChain(file(certificate))
                .setPrivateKey(file(key))
                .build();
    }

    /** Whom of clients to let in. OPTIONAL_MUTUAL that names nobody to check by asks for no certificate, as in Istio. */
    private static void authority(ServerTLSSettings settings, CommonTlsContext.Builder common, EdgeCredentials named) {
        CertificateValidationContext.Builder expected = CertificateValidationContext.newBuilder()
                .addAllVerifyCertificateSpki(settings.getVerifyCertificateSpkiList())
                .addAllVerifyCertificateHash(settings.getVerifyCertificateHashList());
        if (settings.getInsecureSkipVerify().getValue()) {
            expected.setTrustChainVerification(CertificateValidationContext.TrustChainVerification.ACCEPT_UNTRUSTED);
        } else if (settings.getMode() == ServerTLSSettings.TLSmode.OPTIONAL_MUTUAL) {
            expected.setTrustChainVerification(CertificateValidationContext.TrustChainVerification.VERIFY_TRUST_CHAIN);
        }
        for (String name : settings.getSubjectAltNamesList()) {
            for (SubjectAltNameMatcher.SanType type :
                    List.of(SubjectAltNameMatcher.SanType.DNS, SubjectAltNameMatcher.SanType.URI)) {
                expected.addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                        .setSanType(type)
                        .setMatcher(StringMatcher.newBuilder().setExact(name)));
            }
        }
        String credential = authorityCredential(settings);
        if (!credential.isEmpty()) {
            common.setCombinedValidationContext(CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                    .setDefaultValidationContext(expected)
                    .setValidationContextSdsSecretConfig(named.authority(credential)));
        } else {
            if (!settings.getCaCrl().isEmpty()) {
                expected.setCrl(file(settings.getCaCrl()));
            }
            String authorities = authorities(settings);
            if (!authorities.isEmpty()) {
                expected.setTrustedCa(file(authorities));
            }
            boolean required = settings.getMode() == ServerTLSSettings.TLSmode.MUTUAL;
            boolean checks = !authorities.isEmpty()
                    || expected.getVerifyCertificateSpkiCount() > 0
                    || expected.getVerifyCertificateHashCount() > 0;
            if (required && !checks) {
                unchecked(settings, expected);
            }
            if (required || checks || settings.getInsecureSkipVerify().getValue()) {
                common.setValidationContext(expected);
            }
        }
    }

    /**
     * Envoy asks for no certificate where it has nothing to check one by. Whoever takes any (insecureSkipVerify) gives it
     * the server's own, which then counts for nothing; any other server of this kind is refused by validation.
     */
    private static void unchecked(ServerTLSSettings settings, CertificateValidationContext.Builder expected) {
        if (settings.getInsecureSkipVerify().getValue()) {
            String own = settings.getTlsCertificatesCount() > 0
                    ? settings.getTlsCertificates(0).getServerCertificate()
                    : settings.getServerCertificate();
            expected.setTrustedCa(file(own));
        } else {
            expected.addVerifyCertificateHash(OriginatedTls.NO_CERTIFICATE);
        }
    }

    /** Envoy checks clients by one authority; it may stand beside any of the server's certificates. */
    private static String authorities(ServerTLSSettings settings) {
        return Stream.concat(
                        Stream.of(settings.getCaCertificates()),
                        settings.getTlsCertificatesList().stream()
                                .map(ServerTLSSettings.TLSCertificate::getCaCertificates))
                .filter(file -> !file.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Whose authority signs clients: a credential of its own, or that of the certificate. */
    private static String authorityCredential(ServerTLSSettings settings) {
        if (!settings.getCaCertCredentialName().isEmpty()) {
            return settings.getCaCertCredentialName();
        }
        return settings.getCredentialName().isEmpty() && settings.getCredentialNamesCount() > 0
                ? settings.getCredentialNames(0)
                : settings.getCredentialName();
    }

    private static TlsParameters parameters(ServerTLSSettings settings) {
        TlsParameters.Builder parameters = TlsParameters.newBuilder()
                .setTlsMinimumProtocolVersion(
                        version(settings.getMinProtocolVersion(), TlsParameters.TlsProtocol.TLSv1_2))
                .setTlsMaximumProtocolVersion(
                        version(settings.getMaxProtocolVersion(), TlsParameters.TlsProtocol.TLSv1_3));
        return parameters.addAllCipherSuites(settings.getCipherSuitesList()).build();
    }

    private static TlsParameters.TlsProtocol version(
            ServerTLSSettings.TLSProtocol version, TlsParameters.TlsProtocol automatic) {
        return switch (version) {
            case TLSV1_0 -> TlsParameters.TlsProtocol.TLSv1_0;
            case TLSV1_1 -> TlsParameters.TlsProtocol.TLSv1_1;
            case TLSV1_2 -> TlsParameters.TlsProtocol.TLSv1_2;
            case TLSV1_3 -> TlsParameters.TlsProtocol.TLSv1_3;
            case TLS_AUTO, UNRECOGNIZED -> automatic;
        };
    }

    private static DataSource file(String path) {
        return DataSource.newBuilder().setFilename(path).build();
    }
}
