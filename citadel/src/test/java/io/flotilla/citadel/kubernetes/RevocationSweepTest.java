package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationSweepTest {
    private static final String COLLECTION = "/apis/security.flotilla.io/v1/revocations/";
    private static final Instant NOW = Instant.parse("2026-06-10T12:00:00Z");

    @TempDir
    private Path credentials;

    private static Struct revocation(String name, Map<String, String> spec) {
        return Struct.newBuilder()
                .putFields(
                        "metadata",
                        Json.object(Json.texts(Map.of("name", name, "uid", "uid-of-" + name, "resourceVersion", "7"))))
                .putFields("spec", Json.object(Json.texts(spec)))
                .build();
    }

    @Test
    void onlyWhatStrikesNobodyAnyMoreGoesAndOnlyAsItWasSeen() throws IOException {
        try (FakeApiServer server = new FakeApiServer(credentials, "default")) {
            Map<String, Map<String, String>> specs = Map.of(
                    "over", Map.of("until", "2026-06-09T11:59:59Z"),
                    "just-over", Map.of("until", "2026-06-09T12:00:01Z"),
                    "to-come", Map.of("until", "2026-07-01T00:00:00Z"),
                    "for-good", Map.of(),
                    "unread", Map.of("until", "yesterday"),
                    "identity", Map.of("until", "2020-01-01T00:00:00Z", "identity", "spiffe://a/ns/b/sa/c"));
            specs.forEach((name, spec) -> server.objects.put(COLLECTION + name, revocation(name, spec)));
            RevocationSweep sweep = new RevocationSweep(server.api(), Clock.fixed(NOW, ZoneOffset.UTC));

            assertThat(sweep.sweep()).isEmpty();

            assertThat(server.paths("revocations").map(path -> path.substring(COLLECTION.length())))
                    .containsExactlyInAnyOrder("just-over", "to-come", "for-good", "unread", "identity");
            assertThat(server.deletions)
                    .singleElement()
                    .satisfies(options -> assertThat(Json.textAt(options, "preconditions", "resourceVersion"))
                            .isEqualTo("7"))
                    .satisfies(options -> assertThat(Json.textAt(options, "preconditions", "uid"))
                            .isEqualTo("uid-of-over"));
        }
    }
}
