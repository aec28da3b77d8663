package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private static final String REVIEWS = "spiffe://cluster.local/ns/default/sa/reviews";

    private static String revocation(String name, String spec) {
        return "---\n{apiVersion: security.flotilla.io/v1, kind: Revocation, metadata: {name: " + name + "}, spec: "
                + spec + "}\n";
    }

    @Test
    void areOneSortedSetWithoutDoubles() {
        MeshSnapshot mesh = TestMesh.of(TestMesh.BOOKS
                + revocation("b", "{certificate: {serial: '0a1b'}}")
                + revocation("a", "{certificate: {serial: a1b}, drain: true, revokedAt: '2026-03-02T00:00:00Z'}")
                + revocation("c", "{certificate: {serial: '01'}}")
                + revocation("d", "{identity: '" + REVIEWS + "'}")
                + revocation("e", "{issuedBefore: {identity: '" + REVIEWS + "', time: '2026-03-01T10:00:00Z'}}"));

        assertThat(mesh.revoked())
                .isEqualTo(new Revoked(
                        List.of(REVIEWS),
                        List.of("1", "a1b"),
                        List.of(new Revoked.IssuedBefore(REVIEWS, Instant.parse("2026-03-01T10:00:00Z"))),
                        "2026-03-02T00:00:00Z a"));
    }

    @Test
    void goWithTheirObject() {
        MeshSnapshot before = TestMesh.of(TestMesh.BOOKS + revocation("d", "{identity: '" + REVIEWS + "'}"));
        MeshSnapshot after = SnapshotBuilder.update(before, List.of(), List.of(ObjectKey.of(Kind.REVOCATION, "", "d")));

        assertThat(before.revoked().isEmpty()).isFalse();
        assertThat(after.revoked()).isEqualTo(Revoked.NOTHING);
    }
}
