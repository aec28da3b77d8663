package io.flotilla.identity.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.CertificateData;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrustPlanTest {
    private static final String URL = "https://bundle.b.example/";
    private static final TrustDomain A = new TrustDomain("a.example");

    private final Authority first = SpiffeBundleTest.authority("b.example", KeyKind.EC_P256);
    private final Authority second = SpiffeBundleTest.authority("b.example", KeyKind.EC_P256);

    private static CertificateData.Builder pem(Authority authority, String... domains) {
        return CertificateData.newBuilder().setPem(authority.certificatePem()).addAllTrustDomains(List.of(domains));
    }

    private static TrustPlan plan(CertificateData.Builder... data) {
        MeshConfig.Builder mesh = MeshConfig.newBuilder().addTrustDomainAliases("old.example");
        List.of(data).forEach(mesh::addCaCertificates);
        return TrustPlan.of(mesh.build(), A, Optional.of("signer"));
    }

    @Test
    void givenAndFetchedRootsOfADomainStandTogether() {
        CertificateData.Builder url =
                CertificateData.newBuilder().setSpiffeBundleUrl(URL).addTrustDomains("b.example");
        TrustPlan plan = plan(pem(first, "b.example"), url);
        assertThat(plan.endpoints()).containsExactly(Map.entry("b.example", URI.create(URL)));
        assertThat(plan.with(Map.of()))
                .isEqualTo(new PeerTrust(
                        List.of("a.example", "old.example"),
                        List.of(),
                        Map.of("b.example", List.of(first.certificate()))));
        SpiffeBundle bundle = new SpiffeBundle(List.of(first.certificate(), second.certificate()), 1, Optional.empty());
        assertThat(plan.with(Map.of("b.example", bundle)).others())
                .containsExactly(Map.entry("b.example", List.of(first.certificate(), second.certificate())));
        assertThat(plan(url).with(Map.of()).others())
                .as("nobody of it is let in before its roots are known")
                .containsExactly(Map.entry("b.example", List.of()));
    }

    @Test
    void rootsWithoutADomainAreTheMeshsOwnAndAnAddressNeverIs() {
        TrustPlan plan = plan(
                pem(first),
                pem(second, "old.example"),
                CertificateData.newBuilder().setSpiffeBundleUrl(URL),
                CertificateData.newBuilder().setSpiffeBundleUrl(URL).addTrustDomains("a.example"));
        assertThat(plan.own()).containsExactly(first.certificate(), second.certificate());
        assertThat(plan.endpoints()).isEmpty();
        assertThat(plan.problems()).hasSize(2).allMatch(problem -> problem.contains("name them in trustDomains"));
    }

    @Test
    void rootsOfASignerHoldWhereItSigns() {
        assertThat(plan(pem(first).addCertSigners("signer")).own()).hasSize(1);
        assertThat(plan(pem(first).addCertSigners("another")).own()).isEmpty();
    }

    @Test
    void rootsThatProxiesAreToldAreTheMeshsOwn() {
        MeshConfig mesh = MeshConfig.newBuilder()
                .setDefaultConfig(ProxyConfig.newBuilder().addCaCertificatesPem(first.certificatePem()))
                .build();
        assertThat(TrustPlan.of(mesh, A, Optional.empty()).own()).containsExactly(first.certificate());
    }

    @Test
    void whatCannotBeReadIsTold() {
        TrustPlan plan = plan(
                CertificateData.newBuilder().setPem("nonsense").addTrustDomains("b.example"),
                pem(first, "C.example"),
                CertificateData.newBuilder().setSpiffeBundleUrl(URL).addTrustDomains("d.example"),
                CertificateData.newBuilder().setSpiffeBundleUrl(URL + "2").addTrustDomains("d.example"));
        assertThat(plan.problems())
                .containsExactly(
                        "caCertificates[0] holds no certificate that can be read",
                        "caCertificates[1].trustDomains has \"C.example\", which is no trust domain",
                        "caCertificates[3].spiffeBundleUrl is a second one for d.example: " + URL + " is asked");
    }
}
