package io.flotilla.galley.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.serve.ConfigServers;
import io.flotilla.galley.serve.ReaderMetrics;
import io.flotilla.galley.serve.ServedViews;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceStatus;
import io.flotilla.galley.state.Publisher;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.IdentityMaterial;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One Galley reads from another that asks its readers for certificates. */
class McpSecureTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SERVER = "istio-galley.istio-system.svc";
    private static final String READER = "istio-galley-service-account";

    @TempDir
    private Path folder;

    private final Authority authority = Authority.selfSigned(DOMAIN, Instant.now(), Duration.ofDays(1), RANDOM);
    private final Publisher theirs = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> 1_000);
    private final ServedViews views = new ServedViews();
    private final ConfigServers servers = serve();
    private final AtomicReference<Map<String, Optional<String>>> told = new AtomicReference<>(Map.of());

    private ConfigServers serve() {
        IdentityMaterial own = material(READER);
        views.publish(theirs.apply(SourceName.DIRECTORY, Map.of("a.yaml", Optional.of("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a}
                spec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}
                """)), true));
        return ConfigServers.start(
                new ConfigServers.Settings(
                        "127.0.0.1",
                        -1,
                        0,
                        DOMAIN.name(),
                        "istio-system",
                        List.of(READER),
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                () -> Optional.of(own),
                views,
                new ReaderMetrics(new SimpleMeterRegistry()));
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private IdentityMaterial material(String account) {
        KeyPair pair = KeyForms.generate(RANDOM);
        SpiffeId id = new SpiffeId(DOMAIN, new ServiceAccount("istio-system", account));
        Instant now = Instant.now();
        X509Certificate leaf = authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(id.uri()),
                        List.of(SERVER),
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(600)),
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
        return new IdentityMaterial(id, pair.getPrivate(), List.of(leaf), List.of(authority.certificate()));
    }

    private McpSource source(String scheme, McpChannel.Tls tls) {
        McpAddress address = McpAddress.parse(scheme + "://127.0.0.1:" + servers.port());
        McpSource source =
                new McpSource(address, new McpChannel(address, tls), new MassDeletionGuard(Duration.ofSeconds(30)));
        source.start((name, documents, synced) -> told.updateAndGet(all -> all.isEmpty() ? documents : all));
        return source;
    }

    private static McpChannel.Tls own(CurrentIdentity identity) {
        return new McpChannel.Tls(
                Optional.of(SERVER), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(identity));
    }

    private McpChannel.Tls files() {
        return new McpChannel.Tls(
                Optional.of(SERVER),
                Optional.of(folder.resolve("root.pem")),
                Optional.of(folder.resolve("cert.pem")),
                Optional.of(folder.resolve("key.pem")),
                Optional.empty());
    }

    private void write(IdentityMaterial material) throws IOException {
        Files.writeString(folder.resolve("root.pem"), Certificates.pem(material.roots()));
        Files.writeString(folder.resolve("cert.pem"), Certificates.pem(material.chain()));
        Files.writeString(folder.resolve("key.pem"), KeyForms.privatePem(material.key()));
    }

    private static void await(McpSource source, Predicate<SourceStatus> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!wanted.test(source.status())) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still " + source.status());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean synced(SourceStatus status) {
        return status instanceof SourceStatus.Synced;
    }

    @ParameterizedTest
    @ValueSource(strings = {"xds+tls", "mcp+tls"})
    void itsOwnIdentityLetsItIn(String scheme) {
        IdentityMaterial own = material(READER);
        try (McpSource source = source(scheme, own(() -> Optional.of(own)))) {
            await(source, McpSecureTest::synced);
            assertThat(told.get()).hasSize(1);
        }
    }

    @Test
    void itComesInOnceItsIdentityIsThere() {
        AtomicReference<@Nullable IdentityMaterial> own = new AtomicReference<>();
        try (McpSource source = source("xds+tls", own(() -> Optional.ofNullable(own.get())))) {
            await(source, status -> status.toString().contains("no certificate yet"));
            own.set(material(READER));
            await(source, McpSecureTest::synced);
        }
    }

    @Test
    void anIdentityThatMayNotReadIsRefused() {
        IdentityMaterial stranger = material("some-other-account");
        try (McpSource source = source("xds+tls", own(() -> Optional.of(stranger)))) {
            await(source, status -> status.toString().contains("PERMISSION_DENIED"));
            assertThat(told.get()).isEmpty();
        }
    }

    @Test
    void theFilesLetItInAndAreReadAgainWhenTheyChange() throws IOException {
        write(material("some-other-account"));
        try (McpSource source = source("xds+tls", files())) {
            await(source, status -> status.toString().contains("PERMISSION_DENIED"));
            Files.delete(folder.resolve("key.pem"));
            await(source, status -> status.toString().contains("key.pem"));
            write(material(READER));
            await(source, McpSecureTest::synced);
        }
    }

    @Test
    void withoutACertificateItIsNotLetIn() throws IOException {
        write(material(READER));
        McpChannel.Tls anonymous = new McpChannel.Tls(
                Optional.of(SERVER),
                Optional.of(folder.resolve("root.pem")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (McpSource source = source("xds+tls", anonymous)) {
            await(source, status -> status.toString().contains("UNAVAILABLE"));
            assertThat(told.get()).isEmpty();
        }
    }

    @Test
    void aCertificateWithoutItsKeyIsRefusedAtOnce() {
        assertThatThrownBy(() -> new McpChannel.Tls(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(folder.resolve("cert.pem")),
                        Optional.empty(),
                        Optional.empty()))
                .hasMessageContaining("flotilla.mcp.key-file");
    }
}
