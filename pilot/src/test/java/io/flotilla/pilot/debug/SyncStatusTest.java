package io.flotilla.pilot.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Peer;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import io.flotilla.envoy.patch.Untranslated;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The page of known proxies is, byte for byte, what the tests of "flotilla proxy-status" read
 * (-Dgolden.update=true writes it).
 */
class SyncStatusTest {
    private static final Path PAGE =
            Path.of(System.getProperty("flotilla.root"), "cli/src/test/resources/proxies/syncz.json");
    private static final Instant OPENED = Instant.parse("2026-01-02T03:04:05Z");
    private static final String PEER = "spiffe://cluster.local/ns/shop/sa/cart";

    private static TypeStatus.Event event(long nonce) {
        return new TypeStatus.Event(nonce, "hash" + nonce + "@7", OPENED.plusSeconds(nonce));
    }

    private static TypeStatus type(String url, @Nullable Long sent, @Nullable Long acked, @Nullable Long rejected) {
        return new TypeStatus(
                url,
                true,
                0,
                new Generation(1, Map.of("directory", 7L)),
                sent == null ? null : event(sent),
                acked == null ? null : event(acked),
                rejected == null ? null : event(rejected),
                rejected == null ? "" : "Error adding/updating listener(s) 10.96.0.7_80: no such filter",
                false);
    }

    private static TypeStatus kept(String url) {
        return new TypeStatus(url, true, 0, Generation.NONE, null, null, null, "", true);
    }

    private static StreamStatus proxy(long id, String role, String pod, TypeStatus... types) {
        String namespace = pod.substring(pod.indexOf('.') + 1);
        Node node = Node.newBuilder()
                .setId(role + "~10.44.1." + id + "~" + pod + "~" + namespace + ".svc.cluster.local")
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "ISTIO_VERSION",
                                Value.newBuilder().setStringValue("1.27.1").build()))
                .build();
        boolean secure = pod.startsWith("cart");
        Peer peer = new Peer(secure, secure ? List.of(PEER) : List.of(), "", "/10.44.1." + id + ":5000");
        return new StreamStatus(new StreamInfo(id, node, peer, secure), OPENED, List.of(types), false);
    }

    // Not in the order in which the page has them.
    private static final List<StreamStatus> PROXIES = List.of(
            proxy(
                    2,
                    "sidecar",
                    "ui-0.web",
                    type(TypeUrls.CLUSTER, 5L, 3L, null),
                    type(TypeUrls.LISTENER, null, null, null)),
            proxy(
                    1,
                    "sidecar",
                    "cart-0.shop",
                    type(TypeUrls.CLUSTER, 1L, 1L, null),
                    type(TypeUrls.ENDPOINT, 2L, 2L, null),
                    type(TypeUrls.LISTENER, 3L, 3L, null),
                    type(TypeUrls.ROUTE, 4L, 4L, null)),
            proxy(
                    3,
                    "sidecar",
                    "worse-0.shop",
                    type(TypeUrls.CLUSTER, 1L, 1L, null),
                    type(TypeUrls.ENDPOINT, 2L, null, null),
                    type(TypeUrls.LISTENER, 6L, 3L, 6L)),
            proxy(
                    5,
                    "sidecar",
                    "back-0.web",
                    type(TypeUrls.CLUSTER, 1L, 1L, null),
                    kept(TypeUrls.ENDPOINT),
                    type(TypeUrls.LISTENER, 2L, 2L, null),
                    kept(TypeUrls.ROUTE)),
            proxy(4, "router", "edge-0.istio-system"));

    private static List<ObjectKey> blame(long stream, String typeUrl) {
        return stream == 3 && typeUrl.equals(TypeUrls.LISTENER)
                ? List.of(ObjectKey.of(Kind.VIRTUAL_SERVICE, "shop", "cart"))
                : List.of();
    }

    private static List<Untranslated> leftOut(long stream) {
        return stream == 4
                ? List.of()
                : List.of(new Untranslated(
                        ObjectKey.of(Kind.ENVOY_FILTER, "shop", "odd"),
                        "spec.configPatches[0].patch.value",
                        "no message"));
    }

    private static JsonObject shown(String proxy) {
        return SyncStatus.of(PROXIES, SyncStatusTest::leftOut, SyncStatusTest::blame).stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("proxy").equals(proxy))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePageOfKnownProxiesIsWhatTheCommandReads() throws IOException {
        String text = SyncStatus.of(PROXIES, SyncStatusTest::leftOut, SyncStatusTest::blame)
                        .encodePrettily()
                + "\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, text);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(text);
    }

    /** What istioctl 1.1 reads: pilot/pkg/proxy/envoy/v2/debug.go, SyncStatus. */
    @Test
    void classicToolsFindTheirFields() {
        JsonObject synced = shown("cart-0.shop");
        assertThat(synced.getString("proxy_version")).isEqualTo("1.27.1");
        for (String type : List.of("cluster", "listener", "route", "endpoint")) {
            assertThat(synced.getString(type + "_sent")).as(type).isNotEmpty();
            assertThat(synced.getString(type + "_acked")).as(type).isEqualTo(synced.getString(type + "_sent"));
        }
        assertThat(synced.getInteger("endpoint_percent")).isEqualTo(100);
        JsonObject back = shown("back-0.web");
        assertThat(back.getBoolean("synced")).isTrue();
        assertThat(back.getString("route_sent")).isEqualTo("0").isEqualTo(back.getString("route_acked"));
        assertThat(back.getInteger("endpoint_percent")).isEqualTo(100);
        JsonObject worse = shown("worse-0.shop");
        assertThat(worse.getString("listener_sent")).isEqualTo("6");
        assertThat(worse.getString("listener_acked")).isEqualTo("3");
        assertThat(worse.getString("endpoint_sent")).isEqualTo("2");
        assertThat(worse.fieldNames()).doesNotContain("endpoint_acked", "endpoint_percent", "route_sent");
    }
}
