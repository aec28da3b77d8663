package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.service.caller.BoundObjects.Presence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token ends with the pod and the account that it was made for, not with their names. */
class KubernetesBoundObjectsTest {
    private static final String POD = "/api/v1/namespaces/shop/pods/cart-0";
    private static final String ACCOUNT = "/api/v1/namespaces/shop/serviceaccounts/cart";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path credentials;

    @SuppressWarnings("NullAway.Init") // by start()
    private FakeApiServer server;

    @SuppressWarnings("NullAway.Init") // by start()
    private KubernetesBoundObjects objects;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer(credentials, "shop");
        there(POD, "pod-1");
        there(ACCOUNT, "account-1");
        InstantSource time = () -> now;
        objects = new KubernetesBoundObjects(server.api(), time.withZone(ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void there(String path, String uid) {
        server.objects.put(
                path,
                Struct.newBuilder()
                        .putFields("metadata", Json.object(Json.texts(Map.of("uid", uid))))
                        .build());
    }

    private Presence presence(String accountUid, Optional<ServiceAccountToken.Pod> pod) {
        return objects.presence(new ServiceAccountToken(
                new ServiceAccount("shop", "cart"),
                new ServiceAccountToken.Bound(accountUid, pod),
                START,
                START.plusSeconds(600),
                ""));
    }

    private Presence ofPod(String uid) {
        return presence("account-1", Optional.of(new ServiceAccountToken.Pod("cart-0", uid)));
    }

    @Test
    void isThereWhileBothAre() {
        assertThat(ofPod("pod-1")).isInstanceOf(Presence.Here.class);
        assertThat(presence("", Optional.empty())).isInstanceOf(Presence.Here.class);
    }

    @Test
    void theNextOfTheSameNameIsAnother() {
        assertThat(ofPod("pod-0")).isEqualTo(new Presence.Gone(POD + " is another one than the token's"));
        assertThat(presence("account-0", Optional.empty()))
                .isEqualTo(new Presence.Gone(ACCOUNT + " is another one than the token's"));
    }

    @Test
    void endsWithItsPodOrItsAccountWithinTenSeconds() {
        assertThat(ofPod("pod-1")).isInstanceOf(Presence.Here.class);
        server.objects.remove(POD);
        now = START.plusSeconds(9);
        assertThat(ofPod("pod-1")).as("an answer counts for ten seconds").isInstanceOf(Presence.Here.class);
        now = START.plusSeconds(10);
        assertThat(ofPod("pod-1")).isEqualTo(new Presence.Gone(POD + " is gone"));
        there(POD, "pod-1");
        assertThat(ofPod("pod-1")).as("that it was gone is not remembered").isInstanceOf(Presence.Here.class);
        server.objects.remove(ACCOUNT);
        now = START.plusSeconds(20);
        assertThat(ofPod("pod-1")).isEqualTo(new Presence.Gone(ACCOUNT + " is gone"));
    }

    @Test
    void aNameThatLeadsElsewhereIsNobodys() {
        assertThat(presence("", Optional.of(new ServiceAccountToken.Pod("../pods/cart-0", "pod-1"))))
                .isInstanceOf(Presence.Gone.class);
    }

    @Test
    void whileTheApiServerIsAwayNobodyKnows() {
        server.close();
        assertThat(ofPod("pod-1")).isInstanceOf(Presence.Unknown.class);
    }
}
