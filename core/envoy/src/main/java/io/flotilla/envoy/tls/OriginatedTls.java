package io.flotilla.envoy.tls;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.envoy.Wire;
import java.util.List;

/** TLS that a DestinationRule asks for with names and files of its own (modes SIMPLE and MUTUAL). */
public final class OriginatedTls {
    /** The authorities that the proxy's machine trusts, as Istio names them. */
    public static final String SYSTEM = "system";

    /** Where images that are made from Debian have them, as Envoy's are. */
    private static final String SYSTEM_FILE = "/etc/ssl/certs/ca-certificates.crt";

    /** A hash (SHA-256) that no certificate has. */
    static final String NO_CERTIFICATE = "0".repeat(64);

    private OriginatedTls() {}

    /**
     * What a rule says with what holds where it says nothing: a server is checked by the authorities that the proxy's
     * machine trusts, and under {@code insecureSkipVerify} by nothing. In 1.1 a server without {@code caCertificates} is
     * not checked.
     */
    public static ClientTLSSettings settled(ClientTLSSettings settings, boolean classic) {
        return switch (settings.getMode()) {
            case SIMPLE, MUTUAL -> {
                if (settings.getInsecureSkipVerify().getValue()) {
                    yield settings.toBuilder()
                            .clearCaCertificates()
                            .clearCaCrl()
                            .clearSubjectAltNames()
                            .build();
                }
                boolean said = !settings.getCaCertificates().isEmpty()
                        || !settings.getCredentialName().isEmpty();
                yield said || classic
                        ? settings
                        : settings.toBuilder().setCaCertificates(SYSTEM).build();
            }
            case DISABLE, ISTIO_MUTUAL, UNRECOGNIZED -> settings;
        };
    }

    /** Whether a server's certificate is checked by something, given settings that are settled. */
    public static boolean verifies(ClientTLSSettings settled, CredentialServer server) {
        boolean credential = server != CredentialServer.NOBODY
                && !settled.getCredentialName().isEmpty();
        return !settled.getInsecureSkipVerify().getValue()
                && (credential || !settled.getCaCertificates().isEmpty());
    }

    /**
     * The client's side towards a server outside of the mesh.
     *
     * <p>Without {@code caCertificates} the server's certificate is not checked: Envoy refuses names without roots. A
     * credential that nobody serves to the proxy lets no connection through: what was meant to be verified is never sent
     * unverified.
     *
     * @param settings as they are {@link #settled}
     * @param names server names that hold where the rule lists none
     * @param http2 offer HTTP/2 by ALPN
     * @param server of the credential that the settings name
     */
    public static TransportSocket of(
            ClientTLSSettings settings, List<String> names, boolean http2, CredentialServer server) {
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
        if (http2) {
            common.addAlpnProtocols("h2");
        }
        boolean named = !settings.getCredentialName().isEmpty();
        boolean credential = server != CredentialServer.NOBODY && named;
        boolean unchecked = settings.getInsecureSkipVerify().getValue();
        if (named && !credential && !(unchecked && settings.getMode() == ClientTLSSettings.TLSmode.SIMPLE)) {
            common.setValidationContext(
                    CertificateValidationContext.newBuilder().addVerifyCertificateHash(NO_CERTIFICATE));
        } else if (unchecked) {
            common.setValidationContext(CertificateValidationContext.getDefaultInstance());
        } else if (credential) {
            common.setCombinedValidationContext(CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                    .setDefaultValidationContext(names(settings, names))
                    .setValidationContextSdsSecretConfig(server.authority(settings.getCredentialName())));
        } else if (!settings.getCaCertificates().isEmpty()) {
            CertificateValidationContext.Builder expected =
                    names(settings, names).toBuilder().setTrustedCa(file(authorities(settings.getCaCertificates())));
            if (!settings.getCaCrl().isEmpty()) {
                expected.setCrl(file(settings.getCaCrl()));
            }
            common.setValidationContext(expected);
        }
        if (settings.getMode() == ClientTLSSettings.TLSmode.MUTUAL) {
            if (credential) {
                common.addTlsCertificateSdsSecretConfigs(server.certificate(settings.getCredentialName()));
            } else if (!named) {
                common.addTlsCertificates(TlsCertificate.newBuilder()
                        .setCertificateChain(file(settings.getClientCertificate()))
                        .setPrivateKey(file(settings.getPrivateKey())));
            }
        }
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Wire.any(UpstreamTlsContext.newBuilder()
                        .setSni(settings.getSni())
                        .setCommonTlsContext(common)
                        .build()))
                .build();
    }

    private static CertificateValidationContext names(ClientTLSSettings settings, List<String> names) {
        CertificateValidationContext.Builder expected = CertificateValidationContext.newBuilder();
        List<String> listed = settings.getSubjectAltNamesCount() > 0 ? settings.getSubjectAltNamesList() : names;
        for (String name : listed) {
            for (SubjectAltNameMatcher.SanType type :
                    List.of(SubjectAltNameMatcher.SanType.DNS, SubjectAltNameMatcher.SanType.URI)) {
                expected.addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                        .setSanType(type)
                        .setMatcher(StringMatcher.newBuilder().setExact(name)));
            }
        }
        return expected.build();
    }

    private static String authorities(String given) {
        return given.equals(SYSTEM) ? SYSTEM_FILE : given;
    }

    private static DataSource file(String path) {
        return DataSource.newBuilder().setFilename(path).build();
    }
}
