package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc.CertificateAuthorityBlockingStub;
import io.flotilla.api.identity.v1.CreateBootstrapTokenRequest;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.identity.v1.RevokeResponse;
import io.flotilla.api.identity.v1.RotateRequest;
import io.flotilla.api.identity.v1.StatusRequest;
import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Machines, revocation and a whole root rotation, as an operator and a workload see them. */
@QuarkusTest
@TestProfile(OperatorsQuarkusTest.QuickRotation.class)
class OperatorsQuarkusTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final LocalTokenIssuer CORP = LocalTokenIssuer.create(RANDOM).named("https://id.corp.example");
    private static final String SERVER = "istio-citadel.istio-system.svc";

    public static class QuickRotation implements QuarkusTestProfile {
        private static final CitadelFiles FILES = CitadelFiles.believing(ISSUER);

        @Override
        public Map<String, String> getConfigOverrides() {
            return FILES.settings(Map.of(
                    "flotilla.oidc.corp.issuer", CORP.issuer(),
                    "flotilla.oidc.corp.audience", "mesh",
                    "flotilla.oidc.corp.jwks-file", FILES.with("corp.json", CORP.jwks()),
                    "flotilla.oidc.corp.subjects", "system:serviceaccount:ci:builder=tools/builder",
                    "flotilla.delegations", "istio-system/node-agent=default/*",
                    "flotilla.authority-poll", "100ms",
                    // Each step is shown to the stream within half of the first; a busy machine has the other half.
                    "flotilla.rotation-propagation", "5s",
                    "flotilla.rotation-wait-out", "1s"));
        }
    }

    @Inject
    CitadelServer citadel;

    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void disconnect() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static List<X509Certificate> roots() throws IOException {
        return QuickRotation.FILES.roots();
    }

    private ManagedChannel channel(SslContext tls) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", citadel.port())
                .overrideAuthority(SERVER)
                .sslContext(tls)
                .build();
        channels.add(channel);
        return channel;
    }

    private ManagedChannel anonymous() throws IOException {
        return channel(MeshTls.anonymousClient(roots()));
    }

    private static String token(String namespace, String name) {
        return token(ISSUER, "istio-ca", namespace, name);
    }

    private static String token(LocalTokenIssuer issuer, String audience, String namespace, String name) {
        return issuer.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount(namespace, name), Optional.empty(), audience, Duration.ofMinutes(10)),
                Instant.now(),
                RANDOM);
    }

    private CertificateAuthorityBlockingStub operator(String account) throws IOException {
        return CertificateAuthorityGrpc.newBlockingStub(anonymous())
                .withCallCredentials(new SecretStream.Bearer(token("istio-system", account)));
    }

    /** Asks with these credentials; answers with the chain, leaf first and roots last. */
    private static List<X509Certificate> certificate(ManagedChannel channel, String bearer, KeyPair pair) {
        return certificate(channel, bearer, pair, "");
    }

    private static List<X509Certificate> certificate(
            ManagedChannel channel, String bearer, KeyPair pair, String inTheNameOf) {
        String csr = CsrBuilder.build(pair, List.of(), List.of(), RANDOM);
        return Certificates.parse(String.join(
                        "",
                        IstioCertificateServiceGrpc.newBlockingStub(channel)
                                .withCallCredentials(new SecretStream.Bearer(bearer))
                                .createCertificate(IstioCertificateRequest.newBuilder()
                                        .setCsr(csr)
                                        .setMetadata(Struct.newBuilder()
                                                .putFields(
                                                        "ImpersonatedIdentity",
                                                        Value.newBuilder()
                                                                .setStringValue(inTheNameOf)
                                                                .build()))
                                        .build())
                                .getCertChainList()))
                .orElseThrow();
    }

    @Test
    void onlyOperatorsAreAnswered() throws IOException {
        CertificateAuthorityBlockingStub stranger = operator("default");
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class, () -> stranger.status(StatusRequest.getDefaultInstance()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void aMachineStartsWithItsTokenOnceAndRenewsByItsCertificateUntilRevoked() throws IOException {
        CertificateAuthorityBlockingStub operator = operator("flotilla-admin");
        String bootstrap = operator.createBootstrapToken(CreateBootstrapTokenRequest.newBuilder()
                        .setNamespace("vms")
                        .setServiceAccount("billing")
                        .build())
                .getToken();
        KeyPair pair = KeyForms.generate(RANDOM);
        List<X509Certificate> chain = certificate(anonymous(), bootstrap, pair);
        SpiffeId id = SpiffeId.of("cluster.local", "vms", "billing");
        assertThat(Certificates.spiffeId(chain.getFirst())).contains(id);

        StatusRuntimeException again = catchThrowableOfType(
                StatusRuntimeException.class, () -> certificate(anonymous(), bootstrap, KeyForms.generate(RANDOM)));
        assertThat(again.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);

        IdentityMaterial held = new IdentityMaterial(id, pair.getPrivate(), List.of(chain.getFirst()), roots());
        ManagedChannel own = channel(MeshTls.client(() -> Optional.of(held)));
        assertThat(Certificates.spiffeId(
                        certificate(own, "", KeyForms.generate(RANDOM)).getFirst()))
                .contains(id);

        RevokeResponse answer = operator.revoke(RevokeRequest.newBuilder()
                .setRevocation(Revocation.newBuilder()
                        .setCertificate(
                                Revocation.Certificate.newBuilder().setSerial(Certificates.serialOf(chain.getFirst()))))
                .build());
        assertThat(answer.getNotInEffect()).contains("proxies");
        StatusRuntimeException revoked = catchThrowableOfType(
                StatusRuntimeException.class, () -> certificate(own, "", KeyForms.generate(RANDOM)));
        assertThat(revoked.getStatus().getDescription()).contains("revoked");
        assertThat(operator.status(StatusRequest.getDefaultInstance()).getRevocationsList())
                .contains(answer.getRevocation());
    }

    @Test
    void aTokenLivesAsLongAsIsAskedForOrIsNotMade() throws IOException {
        CertificateAuthorityBlockingStub operator = operator("flotilla-admin");
        long week = Duration.ofDays(7).toSeconds();

        assertThat(operator.createBootstrapToken(machine(week)).getExpiresAt().getSeconds())
                .isCloseTo(Instant.now().getEpochSecond() + week, within(60L));
        for (long other : List.of(week + 1, -1L)) {
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> operator.createBootstrapToken(machine(other)));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getStatus().getDescription()).contains("ask for 7d at most");
        }
    }

    private static CreateBootstrapTokenRequest machine(long lifetimeSeconds) {
        return CreateBootstrapTokenRequest.newBuilder()
                .setNamespace("vms")
                .setServiceAccount("billing")
                .setLifetime(com.google.protobuf.Duration.newBuilder().setSeconds(lifetimeSeconds))
                .build();
    }

    @Test
    void whoMayAskInWhoseNameIsWritten() throws IOException {
        ManagedChannel channel = anonymous();
        SpiffeId reviews = SpiffeId.of("cluster.local", "default", "reviews");
        String agent = token("istio-system", "node-agent");
        KeyPair pair = KeyForms.generate(RANDOM);

        assertThat(Certificates.spiffeId(
                        certificate(channel, agent, pair, reviews.uri()).getFirst()))
                .contains(reviews);
        assertThat(refusal(channel, token("default", "ratings"), reviews.uri())).isEqualTo("PERMISSION_DENIED");
        for (String other : List.of(
                "spiffe://cluster.local/ns/shop/sa/reviews",
                "spiffe://elsewhere/ns/default/sa/reviews",
                "spiffe://cluster.local/ns/istio-system/sa/istio-pilot-service-account",
                "default/reviews")) {
            assertThat(refusal(channel, agent, other)).as(other).isEqualTo("PERMISSION_DENIED");
        }
    }

    @Test
    void subjectsOfAnotherIssuerAreThoseThatTheSettingsName() throws IOException {
        ManagedChannel channel = anonymous();
        String builder = token(CORP, "mesh", "ci", "builder");

        assertThat(Certificates.spiffeId(
                        certificate(channel, builder, KeyForms.generate(RANDOM)).getFirst()))
                .contains(SpiffeId.of("cluster.local", "tools", "builder"));
        assertThat(refusal(channel, token(CORP, "mesh", "ci", "other"), "")).isEqualTo("UNAUTHENTICATED");
        assertThat(refusal(channel, token(CORP, "istio-ca", "ci", "builder"), ""))
                .isEqualTo("UNAUTHENTICATED");
        assertThat(refusal(channel, token(CORP.named(LocalTokenIssuer.ISSUER), "istio-ca", "ci", "builder"), ""))
                .as("its key counts for itself alone")
                .isEqualTo("UNAUTHENTICATED");
    }

    private static String refusal(ManagedChannel channel, String bearer, String inTheNameOf) {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> certificate(channel, bearer, KeyForms.generate(RANDOM), inTheNameOf));
        return refused.getStatus().getCode().name();
    }

    @Test
    void aRotationReachesAnOpenStreamStepByStep() throws Exception {
        try (SecretStream stream = new SecretStream(anonymous(), token("default", "reviews"))) {
            stream.subscribe(Map.of(), "default");
            X509Certificate first = SecretStream.leaf(stream.next());
            stream.subscribe(Map.of(), "ROOTCA");
            List<X509Certificate> old = trusted(stream.next());
            assertThat(old).hasSize(1);
            first.verify(old.getFirst().getPublicKey());

            operator("flotilla-admin").rotate(RotateRequest.getDefaultInstance());

            List<X509Certificate> both = trusted(next(stream, "ROOTCA"));
            assertThat(both).hasSize(2).containsAll(old);
            X509Certificate renewed = null;
            List<X509Certificate> last = both;
            while (renewed == null || last.size() > 1) {
                Resource resource = stream.next();
                if (resource.getName().equals("default")) {
                    renewed = SecretStream.leaf(resource);
                    assertThat(last).as("the new root is known before it signs").hasSize(2);
                } else {
                    last = trusted(resource);
                }
            }
            renewed.verify(last.getFirst().getPublicKey());
            assertThat(last).doesNotContainAnyElementsOf(old);
            assertThat(roots()).isEqualTo(last);
        }
    }

    private static Resource next(SecretStream stream, String name) throws Exception {
        Resource resource = stream.next();
        while (!resource.getName().equals(name)) {
            resource = stream.next();
        }
        return resource;
    }

    private static List<X509Certificate> trusted(Resource resource) throws Exception {
        return Certificates.parse(resource.getResource()
                        .unpack(Secret.class)
                        .getValidationContext()
                        .getTrustedCa()
                        .getInlineBytes()
                        .toStringUtf8())
                .orElseThrow();
    }
}
