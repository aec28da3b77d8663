package io.flotilla.pilot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.world.MeshYaml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerCheckTest {
    private static final MeshSnapshot MESH = MeshYaml.web("web-account");

    private static Optional<String> refused(String pod, String claimed, String... uris) {
        return refused(pod, Map.of("SERVICE_ACCOUNT", claimed), uris);
    }

    private static Optional<String> refused(String pod, Map<String, String> metadata, String... uris) {
        Struct.Builder told = Struct.newBuilder();
        metadata.forEach((key, value) ->
                told.putFields(key, Value.newBuilder().setStringValue(value).build()));
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.1.1~" + pod + "~default.svc.cluster.local")
                .setMetadata(told)
                .build();
        if (!(Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy))) {
            throw new AssertionError(node);
        }
        return PeerCheck.refuse(proxy, List.of(uris), MeshSettings.defaults(), Optional.of(MESH));
    }

    @Test
    void aPodsOwnIdentityIsTaken() {
        assertThat(refused("web-0.default", "web-account", "spiffe://cluster.local/ns/default/sa/web-account"))
                .isEmpty();
    }

    @Test
    void theRegistryKnowsBetterThanTheNode() {
        assertThat(refused("web-0.default", "other", "spiffe://cluster.local/ns/default/sa/other"))
                .contains("node sidecar~10.44.1.1~web-0.default~default.svc.cluster.local belongs to service account"
                        + " default/web-account, but the peer is spiffe://cluster.local/ns/default/sa/other");
    }

    @Test
    void anotherNamespaceOrTrustDomainIsRefused() {
        assertThat(refused("new-0.default", "a", "spiffe://cluster.local/ns/other/sa/a"))
                .isPresent();
        assertThat(refused("new-0.default", "a", "spiffe://elsewhere/ns/default/sa/a"))
                .isPresent();
    }

    @Test
    void aPodThatTheRegistryDoesNotKnowYetIsTakenByItsWord() {
        assertThat(refused("new-0.default", "a", "spiffe://cluster.local/ns/default/sa/a"))
                .isEmpty();
    }

    @Test
    void metadataThatClaimsAnotherIdentityIsRefusedThoughTheCertificateIsThePods() {
        String own = "spiffe://cluster.local/ns/default/sa/web-account";
        assertThat(refused("web-0.default", "admin", own))
                .contains("node sidecar~10.44.1.1~web-0.default~default.svc.cluster.local claims SERVICE_ACCOUNT"
                        + " \"admin\" in its metadata, but the peer is " + own);
        assertThat(refused("web-0.default", Map.of("NAMESPACE", "kube-system"), own))
                .hasValueSatisfying(why -> assertThat(why).contains("claims NAMESPACE \"kube-system\""));
        assertThat(refused("web-0.default", Map.of("CONFIG_NAMESPACE", "other"), own))
                .hasValueSatisfying(why -> assertThat(why).contains("claims CONFIG_NAMESPACE \"other\""));
        assertThat(refused("web-0.default", Map.of("NAMESPACE", "default"), own))
                .isEmpty();
    }
}
