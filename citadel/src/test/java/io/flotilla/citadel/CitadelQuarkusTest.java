package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.citadel.crypto.LiveCrypto;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.service.MeshTls;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(CitadelQuarkusTest.ShortLives.class)
class CitadelQuarkusTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final ServiceAccount REVIEWS = new ServiceAccount("default", "bookinfo-reviews");
    private static final String REVIEWS_URI = "spiffe://cluster.local/ns/default/sa/bookinfo-reviews";

    public static class ShortLives implements QuarkusTestProfile {
        private static final CitadelFiles FILES = CitadelFiles.believing(ISSUER);

        @Override
        public Map<String, String> getConfigOverrides() {
            return FILES.settings(Map.of("flotilla.certificate-lifetime", "20s"));
        }
    }

    @Inject
    CitadelServer citadel;

    @Inject
    MeterRegistry metrics;

    private ManagedChannel channel;

    @BeforeEach
    void connect() throws IOException {
        List<X509Certificate> roots = ShortLives.FILES.roots();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", citadel.port())
                .overrideAuthority("istio-citadel.istio-system.svc")
                .sslContext(MeshTls.anonymousClient(roots))
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void theRootIsKeptForItsOwnerAlone() throws IOException {
        Path key = ShortLives.FILES.folder().resolve("ca/root-key.pem");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void theIdentityIsTheCallers() throws IOException {
        var pair = KeyForms.generate(RANDOM);
        String csr = CsrBuilder.build(pair, List.of(), List.of(), RANDOM);

        var response = certificates(token(REVIEWS, "istio-ca"))
                .createCertificate(
                        IstioCertificateRequest.newBuilder().setCsr(csr).build());

        X509Certificate leaf =
                Certificates.parse(response.getCertChain(0)).orElseThrow().getFirst();
        assertThat(Certificates.uris(leaf)).containsExactly(REVIEWS_URI);
        assertThat(Certificates.dnsNames(leaf)).isEmpty();
        assertThat(leaf.getPublicKey().getEncoded()).isEqualTo(pair.getPublic().getEncoded());
        assertThat(response.getCertChain(response.getCertChainCount() - 1))
                .isEqualTo(Files.readString(ShortLives.FILES.root()));
    }

    /** By names and numbers written here, not by our own protobufs: that is what agents of others have. */
    @Test
    void whoKnowsOnlyTheClassicWireGetsItsCertificate() throws IOException {
        MethodDescriptor<Empty, Empty> method = MethodDescriptor.<Empty, Empty>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("istio.v1.auth.IstioCertificateService/CreateCertificate")
                .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .build();
        String csr = CsrBuilder.build(KeyForms.generate(RANDOM), List.of(), List.of(), RANDOM);
        UnknownFieldSet request = UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        field().addLengthDelimited(ByteString.copyFromUtf8(csr)).build())
                .addField(3, field().addVarint(3).build())
                .build();

        Empty response = ClientCalls.blockingUnaryCall(
                channel,
                method,
                CallOptions.DEFAULT.withCallCredentials(new SecretStream.Bearer(token(REVIEWS, "istio-ca"))),
                Empty.newBuilder().setUnknownFields(request).build());

        assertThat(response.getUnknownFields().asMap()).containsOnlyKeys(1);
        List<ByteString> chain = response.getUnknownFields().getField(1).getLengthDelimitedList();
        assertThat(chain).as("the leaf, then its root").hasSize(2);
        X509Certificate leaf = Certificates.parse(chain.getFirst().toStringUtf8())
                .orElseThrow()
                .getFirst();
        assertThat(Certificates.uris(leaf)).containsExactly(REVIEWS_URI);
        assertThat(leaf.getNotAfter().toInstant())
                .as("the seconds that it asked for")
                .isBefore(Instant.now().plusSeconds(4));
        assertThat(chain.getLast().toStringUtf8()).isEqualTo(Files.readString(ShortLives.FILES.root()));
    }

    private static UnknownFieldSet.Field.Builder field() {
        return UnknownFieldSet.Field.newBuilder();
    }

    @Test
    void aRequestForAnotherNameIsRefusedWithTheReason() {
        String admin = "spiffe://cluster.local/ns/other/sa/admin";
        String csr = CsrBuilder.build(KeyForms.generate(RANDOM), List.of(admin), List.of(), RANDOM);
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> certificates(token(REVIEWS, "istio-ca"))
                        .createCertificate(
                                IstioCertificateRequest.newBuilder().setCsr(csr).build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains(admin, REVIEWS_URI);
    }

    @Test
    void signaturesAreNativeWhereTheLibraryLoads() {
        boolean loads =
                com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null;

        assertThat(LiveCrypto.live().startsWith("AmazonCorretto")).isEqualTo(loads);
    }

    @Test
    void callersWithoutAGoodTokenGetNothing() {
        String csr = CsrBuilder.build(KeyForms.generate(RANDOM), List.of(), List.of(), RANDOM);
        for (String token : List.of("", "nonsense", token(REVIEWS, "another-audience"))) {
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> certificates(token)
                            .createCertificate(IstioCertificateRequest.newBuilder()
                                    .setCsr(csr)
                                    .build()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void anUnprovenSecretStreamEnds() throws InterruptedException {
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "another-audience"))) {
            stream.subscribe(Map.of(), "default");

            assertThat(stream.failure().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void certificatesAreRenewedOnTheStreamBeforeTheyEnd() throws Exception {
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            stream.subscribe(Map.of(), "default");
            Resource first = stream.next();
            Resource second = stream.next();

            assertThat(Certificates.uris(SecretStream.leaf(first))).containsExactly(REVIEWS_URI);
            assertThat(Certificates.serialOf(SecretStream.leaf(second)))
                    .isNotEqualTo(Certificates.serialOf(SecretStream.leaf(first)));
            assertThat(SecretStream.leaf(first).getNotAfter().toInstant()).isAfter(Instant.now());
        }
    }

    @Test
    void aHeldCertificateThatIsStillGoodIsNotIssuedAgain() throws Exception {
        Resource held;
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            stream.subscribe(Map.of(), "default");
            held = stream.next();
        }
        double issued = issuedCount();
        try (SecretStream again = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            again.subscribe(Map.of("default", held.getVersion()), "default");
            again.subscribe(Map.of(), "ROOTCA");

            assertThat(again.next().getName()).isEqualTo("ROOTCA");
            assertThat(issuedCount()).isEqualTo(issued);
        }
    }

    @Test
    void aHeldCertificateOfSomebodyElseIsReplaced() throws Exception {
        Resource theirs;
        try (SecretStream stream = new SecretStream(channel, token(new ServiceAccount("default", "x"), "istio-ca"))) {
            stream.subscribe(Map.of(), "default");
            theirs = stream.next();
        }
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            stream.subscribe(Map.of("default", theirs.getVersion()), "default");

            assertThat(Certificates.uris(SecretStream.leaf(stream.next()))).containsExactly(REVIEWS_URI);
        }
    }

    @Test
    void aClientThatTellsAVersionButAsksAgainGetsANewCertificate() throws Exception {
        Resource held;
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            stream.subscribe(Map.of(), "default");
            held = stream.next();
        }
        try (SecretStream again = new SecretStream(channel, token(REVIEWS, "istio-ca"))) {
            again.subscribe(Map.of("default", held.getVersion()), "default");
            again.subscribe(Map.of(), "default");

            assertThat(again.next().getVersion()).isNotEqualTo(held.getVersion());
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        try (SecretStream stream = new SecretStream(channel, token(REVIEWS, "istio-ca", Duration.ofSeconds(12)))) {
            stream.subscribe(Map.of(), "ROOTCA");

            assertThat(stream.next().getName()).isEqualTo("ROOTCA");
            assertThat(stream.endsQuietly()).isTrue();
        }
    }

    private IstioCertificateServiceGrpc.IstioCertificateServiceBlockingStub certificates(String token) {
        return IstioCertificateServiceGrpc.newBlockingStub(channel).withCallCredentials(new SecretStream.Bearer(token));
    }

    private double issuedCount() {
        return metrics.get("citadel.server.success.cert.issuance.count").gauge().value();
    }

    private static String token(ServiceAccount account, String audience) {
        return token(account, audience, Duration.ofMinutes(10));
    }

    private static String token(ServiceAccount account, String audience, Duration lifetime) {
        return ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(
                        account, Optional.of(new ServiceAccountToken.Pod("reviews-v1-0", "uid-1")), audience, lifetime),
                Instant.now(),
                RANDOM);
    }
}
