package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** What Citadel did while Kafka was away is on {@code flotilla.audit} once it is there, in order and without keys. */
@QuarkusTest
@TestProfile(AuditQuarkusTest.WithKafka.class)
class AuditQuarkusTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> ACTIONS =
            List.of("certificate.issued", "certificate.revoked", "certificate.refused");

    public static class WithKafka implements QuarkusTestProfile {
        private static final CitadelFiles FILES = CitadelFiles.believing(ISSUER);
        private static final KafkaBroker BROKER = new KafkaBroker(FILES.folder().resolve("kafka"));

        @Override
        public Map<String, String> getConfigOverrides() {
            return FILES.settings(Map.of("kafka.bootstrap.servers", BROKER.bootstrapServers()));
        }
    }

    @Inject
    CitadelServer citadel;

    @Test
    void tellsOfEveryCertificateAndEveryRefusal() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", citadel.port())
                .overrideAuthority("istio-citadel.istio-system.svc")
                .sslContext(MeshTls.anonymousClient(WithKafka.FILES.roots()))
                .build();
        try (KafkaBroker broker = WithKafka.BROKER) {
            X509Certificate leaf = certificate(channel);
            var operator = CertificateAuthorityGrpc.newBlockingStub(channel)
                    .withCallCredentials(new SecretStream.Bearer(token("istio-system", "flotilla-admin")));
            operator.revoke(RevokeRequest.newBuilder()
                    .setRevocation(Revocation.newBuilder()
                            .setIdentity("spiffe://cluster.local/ns/default/sa/reviews")
                            .setReason("lost"))
                    .build());
            assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> certificate(channel)))
                    .isNotNull();

            broker.start();

            List<AuditEvent> events = events(broker).stream()
                    .filter(event -> !event.getActor().contains("citadel"))
                    .toList();
            assertThat(events).extracting(AuditEvent::getAction).containsExactlyInAnyOrderElementsOf(ACTIONS);
            assertThat(event(events, "certificate.issued")).satisfies(event -> {
                assertThat(event.getActor()).isEqualTo("default/reviews");
                assertThat(event.getObject()).isEqualTo("spiffe://cluster.local/ns/default/sa/reviews");
                assertThat(event.getDetailsMap())
                        .containsEntry("serial", Certificates.serialOf(leaf))
                        .containsEntry(
                                "not-before", leaf.getNotBefore().toInstant().toString())
                        .containsEntry(
                                "not-after", leaf.getNotAfter().toInstant().toString())
                        .containsKey("caller");
            });
            assertThat(event(events, "certificate.refused").getDetailsOrThrow("reason"))
                    .contains("is revoked");
            assertThat(event(events, "certificate.revoked").getActor()).isEqualTo("istio-system/flotilla-admin");
            assertThat(events).allSatisfy(event -> assertThat(event.toString()).doesNotContain("KEY", "BEGIN"));
        } finally {
            channel.shutdownNow();
        }
    }

    private static AuditEvent event(List<AuditEvent> events, String action) {
        return events.stream()
                .filter(event -> event.getAction().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private static X509Certificate certificate(ManagedChannel channel) {
        return Certificates.parse(String.join(
                        "",
                        IstioCertificateServiceGrpc.newBlockingStub(channel)
                                .withCallCredentials(new SecretStream.Bearer(token("default", "reviews")))
                                .createCertificate(IstioCertificateRequest.newBuilder()
                                        .setCsr(CsrBuilder.build(
                                                KeyForms.generate(RANDOM), List.of(), List.of(), RANDOM))
                                        .build())
                                .getCertChainList()))
                .orElseThrow()
                .getFirst();
    }

    private static List<AuditEvent> events(KafkaBroker broker) throws InvalidProtocolBufferException {
        List<AuditEvent> events = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<PartitionInfo> partitions = List.of();
            while (partitions.isEmpty() && System.nanoTime() < end) {
                partitions = consumer.listTopics(PATIENCE).getOrDefault("flotilla.audit", List.of());
            }
            List<TopicPartition> all = partitions.stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            // Each actor's events keep their order; those of two may lie in two partitions, and come in any.
            while (!actions(events).containsAll(ACTIONS) && System.nanoTime() < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    events.add(AuditEvent.parseFrom(record.value()));
                }
            }
        }
        return events;
    }

    private static Set<String> actions(List<AuditEvent> events) {
        return events.stream().map(AuditEvent::getAction).collect(Collectors.toSet());
    }

    private static String token(String namespace, String name) {
        return ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount(namespace, name), Optional.empty(), "istio-ca", Duration.ofMinutes(10)),
                Instant.now(),
                RANDOM);
    }
}
