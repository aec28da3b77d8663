package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.identity.authority.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceIdentityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private final TestRoot root = new TestRoot();
    private final BlockingQueue<IdentityMaterial> changes = new LinkedBlockingQueue<>();

    /** Listened to before there is anything to tell: its thread asks as soon as its files are there. */
    private ServiceIdentity start(int port) {
        ServiceIdentity identity = ServiceIdentity.start(
                IdentitySettings.of("127.0.0.1:" + port, folder.resolve("token"), folder.resolve("root.pem")));
        identity.onChange(changes::add);
        return identity;
    }

    private void write(String name, String content) throws IOException {
        Path draft = Files.writeString(folder.resolve(name + ".new"), content);
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private IdentityMaterial change() throws InterruptedException {
        IdentityMaterial change = changes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(change).isNotNull();
        return change;
    }

    @Test
    void waitsForFilesAndForCitadel() throws Exception {
        try (FakeCitadel citadel = new FakeCitadel(root, LONG, 0);
                ServiceIdentity identity = start(citadel.port())) {
            assertThat(identity.current()).isEmpty();
            write("root.pem", root.authority.certificatePem());
            write("token", "first\n");

            assertThat(identity.await(PATIENCE)).hasValueSatisfying(material -> {
                assertThat(material.id().uri())
                        .isEqualTo("spiffe://cluster.local/ns/istio-system/sa/istio-pilot-service-account");
                assertThat(material.chain()).as("the root is left out").hasSize(1);
                assertThat(material.roots()).containsExactly(root.authority.certificate());
            });
            assertThat(identity.problem()).isEmpty();
            assertThat(citadel.tokens.take()).isEqualTo("Bearer first");
        }
    }

    @Test
    void renewsWithTheTokenOfThatMomentAndKeepsItsCertificateWhileCitadelIsAway() throws Exception {
        FakeCitadel citadel = new FakeCitadel(root, Duration.ofSeconds(2), FreePort.next());
        try (ServiceIdentity identity = start(citadel.port())) {
            write("root.pem", root.authority.certificatePem());
            write("token", "first");
            IdentityMaterial first = change();
            write("token", "second");
            while (!citadel.tokens.take().equals("Bearer second")) {
                assertThat(identity.current()).isPresent();
            }
            IdentityMaterial second = change();
            assertThat(second.leaf().getSerialNumber())
                    .isNotEqualTo(first.leaf().getSerialNumber());
            assertThat(second.key()).isNotEqualTo(first.key());

            citadel.close();
            awaitProblem(identity);
            assertThat(identity.current()).isPresent();

            // Nothing comes now but from the next one, which may be asked before this goes on.
            changes.clear();
            try (FakeCitadel again = new FakeCitadel(root, LONG, citadel.port())) {
                assertThat(change().notAfter()).isAfter(second.notAfter());
                assertThat(again.tokens).isNotEmpty();
            }
        } finally {
            citadel.close();
        }
    }

    @Test
    void believesNewRootsWhenTheFileChangesAndOldOnesWhileItIsBroken() throws Exception {
        TestRoot next = new TestRoot();
        try (FakeCitadel citadel = new FakeCitadel(root, LONG, 0);
                ServiceIdentity identity = start(citadel.port())) {
            write("root.pem", root.authority.certificatePem());
            write("token", "first");
            change();
            write("root.pem", "broken");
            awaitProblem(identity);
            assertThat(identity.required().roots()).containsExactly(root.authority.certificate());

            write("root.pem", Certificates.pem(List.of(root.authority.certificate(), next.authority.certificate())));
            assertThat(change().roots()).hasSize(2);
            assertThat(identity.problem()).isEmpty();
        }
    }

    @Test
    void aCitadelThatTheRootsDoNotVouchForGetsNoToken() throws Exception {
        write("root.pem", new TestRoot().authority.certificatePem());
        write("token", "secret");
        try (FakeCitadel citadel = new FakeCitadel(root, LONG, 0);
                ServiceIdentity identity = start(citadel.port())) {
            awaitProblem(identity);
            assertThat(identity.current()).isEmpty();
            assertThat(citadel.tokens).isEmpty();
        }
    }

    private static void awaitProblem(ServiceIdentity identity) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (identity.problem().isEmpty() || identity.problem().startsWith("has not asked")) {
            assertThat(System.nanoTime()).as("a problem").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
