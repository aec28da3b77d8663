package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.identity.credential.TlsCredential;
import org.junit.jupiter.api.Test;

class OriginatedTlsTest {
    private static final String MESH = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: bank}
            spec:
              hosts: [bank.example.com]
              resolution: DNS
              ports: [{number: 80, name: http, protocol: HTTP}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: bank}
            spec:
              host: bank.example.com
              trafficPolicy: {tls: {mode: SIMPLE, credentialName: bank}}
            """;

    private static UpstreamTlsContext tls(ProxyView view) throws Exception {
        return tls(MESH, view);
    }

    private static UpstreamTlsContext tls(String mesh, ProxyView view) throws Exception {
        Cluster cluster = Translator.translate(MeshFiles.of(mesh), view).clusters().stream()
                .filter(each -> each.getName().equals("outbound|80||bank.example.com"))
                .findFirst()
                .orElseThrow();
        return cluster.getTransportSocket().getTypedConfig().unpack(UpstreamTlsContext.class);
    }

    @Test
    void anEdgeVerifiesByTheCredential() throws Exception {
        assertThat(tls(Proxies.ingress())
                        .getCommonTlsContext()
                        .getCombinedValidationContext()
                        .getValidationContextSdsSecretConfig()
                        .getName())
                .isEqualTo("bank-cacert");
    }

    @Test
    void aSidecarThatCannotGetTheCredentialTrustsNobody() throws Exception {
        assertThat(tls(Proxies.sidecar("client", "v1"))
                        .getCommonTlsContext()
                        .getValidationContext()
                        .getVerifyCertificateHashList())
                .containsExactly("0".repeat(64));
    }

    @Test
    void aSidecarThatTheRuleSelectsAsksCitadel() throws Exception {
        String selecting = MESH.replace(
                        "host: bank.example.com",
                        "host: bank.example.com\n  workloadSelector: {matchLabels: {app: client}}")
                .replace("SIMPLE", "MUTUAL");
        var common = tls(selecting, Proxies.sidecar("client", "v1")).getCommonTlsContext();
        assertThat(common.getTlsCertificateSdsSecretConfigs(0).getName())
                .isEqualTo(TlsCredential.OF_WORKLOADS + "bank");
        assertThat(common.getCombinedValidationContext()
                        .getValidationContextSdsSecretConfig()
                        .getName())
                .isEqualTo(TlsCredential.OF_WORKLOADS + "bank" + TlsCredential.AUTHORITY_SUFFIX);
        assertThat(common.getTlsCertificateSdsSecretConfigs(0)
                        .getSdsConfig()
                        .getApiConfigSource()
                        .getGrpcServices(0)
                        .getEnvoyGrpc()
                        .getClusterName())
                .isEqualTo("citadel");
    }

    @Test
    void withoutAuthoritiesThoseOfTheMachineAreBelieved() throws Exception {
        String none = MESH.replace(", credentialName: bank", "");
        assertThat(tls(none, Proxies.sidecar("client", "v1"))
                        .getCommonTlsContext()
                        .getValidationContext()
                        .getTrustedCa()
                        .getFilename())
                .isEqualTo("/etc/ssl/certs/ca-certificates.crt");
        // In 1.1 nobody was asked.
        String classic = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: 'compatibility: "1.1"'}
            """;
        assertThat(tls(none + classic, Proxies.sidecar("client", "v1"))
                        .getCommonTlsContext()
                        .hasValidationContext())
                .isFalse();
    }

    @Test
    void whoeverWantsNoCheckHasNone() throws Exception {
        String unchecked = MESH.replace(
                "credentialName: bank",
                "caCertificates: /etc/ca.pem, subjectAltNames: [bank.example.com], insecureSkipVerify: true");
        assertThat(tls(unchecked, Proxies.sidecar("client", "v1"))
                        .getCommonTlsContext()
                        .getValidationContext()
                        .getSerializedSize())
                .isZero();
    }
}
