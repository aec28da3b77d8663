package io.flotilla.citadel.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.Update;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.federation.SpiffeBundle;
import io.flotilla.service.fetch.GuardedFetch;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerRootsTest {
    private static final String URL = "https://bundle.b.example/";
    private static final GuardedFetch.Outcome AWAY = new GuardedFetch.Outcome.Failed("nobody answers");

    private final X509Certificate first = root();
    private final X509Certificate second = root();
    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;
    private GuardedFetch.Outcome answer = AWAY;
    private int asked;
    private int changes;

    @TempDir
    private Path folder;

    private static X509Certificate root() {
        return Authority.selfSigned(new TrustDomain("b.example"), Instant.now(), Duration.ofDays(1), new SecureRandom())
                .certificate();
    }

    private PeerRoots roots() throws IOException {
        return PeerRoots.open(
                new PeerRoots.Mesh(new TrustDomain("a.example"), Optional.empty(), Duration.ofHours(1)),
                (domain, endpoint, known) -> {
                    asked++;
                    return answer;
                },
                Optional.of(folder),
                clock.withZone(ZoneOffset.UTC),
                () -> changes++);
    }

    private static Update update(MeshConfig mesh) {
        Resource envelope = Resource.newBuilder().setBody(Any.pack(mesh)).build();
        return new Update(
                new View(
                        Generation.NONE,
                        Map.of(
                                PeerRoots.TYPE,
                                ResourceSet.of(
                                        List.of(io.flotilla.discovery.Resource.of("istio-system/istio", envelope))))),
                Map.of());
    }

    private static Update named() {
        return update(MeshConfig.newBuilder()
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setSpiffeBundleUrl(URL)
                        .addTrustDomains("b.example"))
                .build());
    }

    private static GuardedFetch.Outcome bundle(X509Certificate... roots) {
        return new GuardedFetch.Outcome.Fetched(
                new SpiffeBundle(List.of(roots), 1, Optional.of(Duration.ofSeconds(60))).json());
    }

    private static List<X509Certificate> believed(PeerRoots roots) {
        return roots.trust().others().getOrDefault("b.example", List.of());
    }

    @Test
    void whatWasFetchedLastStaysAndIsLookedAtAsOftenAsTheHintSays() throws IOException {
        PeerRoots roots = roots();
        roots.apply(named());
        answer = bundle(first);
        roots.look();
        assertThat(believed(roots)).containsExactly(first);
        assertThat(changes).isEqualTo(2);

        now = now.plusSeconds(59);
        roots.look();
        assertThat(asked).as("before the hint").isEqualTo(1);

        answer = new GuardedFetch.Outcome.Fetched("{\"keys\": 1}");
        now = now.plusSeconds(2);
        roots.look();
        assertThat(asked).isEqualTo(2);
        assertThat(believed(roots)).containsExactly(first);
        assertThat(roots.alarms()).as("not old yet").isEmpty();

        answer = AWAY;
        now = now.plus(Duration.ofHours(2));
        roots.look();
        assertThat(believed(roots)).containsExactly(first);
        assertThat(roots.alarms()).containsExactly(Map.entry("b.example", "nobody answers"));
        assertThat(roots.oldestSeconds()).isEqualTo(7_261);

        answer = bundle(first, second);
        now = now.plusSeconds(11);
        roots.look();
        assertThat(believed(roots)).containsExactly(first, second);
        assertThat(roots.alarms()).isEmpty();
        assertThat(changes).isEqualTo(3);
    }

    @Test
    void anEmptyBundleTakesAllBackAndWhoIsNotNamedAnyMoreIsNotBelieved() throws IOException {
        PeerRoots roots = roots();
        roots.apply(named());
        answer = bundle(first);
        roots.look();
        answer = bundle();
        now = now.plusSeconds(61);
        roots.look();
        assertThat(believed(roots)).isEmpty();
        roots.apply(update(MeshConfig.getDefaultInstance()));
        assertThat(roots.trust().others()).isEmpty();
    }

    @Test
    void aRestartWithoutAnybodyElseGoesOnWithWhatWasKnown() throws IOException {
        PeerRoots before = roots();
        before.apply(named());
        answer = bundle(first);
        before.look();

        answer = AWAY;
        PeerRoots after = roots();
        assertThat(believed(after)).containsExactly(first);
        after.look();
        assertThat(believed(after)).containsExactly(first);
        assertThat(after.trust().domains()).containsExactly("a.example");
    }
}
