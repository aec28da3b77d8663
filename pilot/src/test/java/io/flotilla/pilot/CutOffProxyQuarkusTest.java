package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.TypeUrls;
import io.flotilla.fixtures.identity.SigningCitadel;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.SecurePorts;
import io.flotilla.pilot.world.TestGalley;
import io.flotilla.pilot.world.WorldStream;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pilot hears from Galley whose certificate is taken back, and cuts that proxy off its own port; nobody else. */
@QuarkusTest
@QuarkusTestResource(value = SecurePorts.class, restrictToAnnotatedClass = true)
class CutOffProxyQuarkusTest {
    private static final String PILOT = "istio-pilot.istio-system.svc";
    private static final SpiffeId WEB = SpiffeId.of("cluster.local", "default", "web-account");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static SigningCitadel citadel;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestGalley galley;

    @Inject
    Pilot pilot;

    @BeforeAll
    static void startMesh() throws IOException {
        Config config = ConfigProvider.getConfig();
        galley = new TestGalley(
                URI.create(config.getValue("flotilla.config", String.class)).getPort());
        galley.start();
        galley.publish("web.yaml", MeshYaml.service("web") + MeshYaml.pod("web", "web-account", "10.44.1.1"));
        citadel =
                SigningCitadel.asSet(name -> config.getValue(name, String.class), "istio-pilot-service-account", PILOT);
    }

    @AfterAll
    static void stopMesh() {
        galley.close();
        citadel.close();
    }

    private static WorldStream as(CurrentIdentity identity) {
        int port = ConfigProvider.getConfig().getValue("flotilla.tls-port", Integer.class);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(MeshTls.client(identity))
                .overrideAuthority(PILOT)
                .build();
        WorldStream stream =
                new WorldStream(channel, "sidecar~10.44.1.1~web-0.default~default.svc.cluster.local", Map.of());
        stream.ask(TypeUrls.CLUSTER);
        return stream;
    }

    @Test
    void aRevocationThatGalleyTellsOfEndsTheStreamAndKeepsTheProxyOut() throws Exception {
        Eventually.until(() -> pilot.serving() && pilot.identityProblem().isEmpty(), ready -> ready);
        CurrentIdentity revoked = citadel.identity(WEB, List.of());
        CurrentIdentity next = citadel.identity(WEB, List.of());
        try (WorldStream open = as(revoked);
                WorldStream other = as(next)) {
            assertThat(open.next().getResourcesCount()).isPositive();
            assertThat(other.next().getResourcesCount()).isPositive();

            galley.publish("revocations.yaml", """
                    apiVersion: security.flotilla.io/v1
                    kind: Revocation
                    metadata: {name: one}
                    spec: {certificate: {serial: %s}}
                    """.formatted(
                            Certificates.serialOf(revoked.required().leaf())));
            assertThat(open.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            try (WorldStream again = as(revoked)) {
                assertThat(again.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            }
            assertThat(other.ended())
                    .as("the same identity by another certificate")
                    .isFalse();
        }
    }
}
