package io.flotilla.envoy.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The workbench itself: a captured request reaches the application that the mesh says, and is logged. */
class WorkbenchTest {
    @Test
    void aRequestToThePodArrivesInPlaintextAndOverMeshTls() throws IOException {
        try (Workbench bench = Workbench.start(MeshFiles.bookinfo(), Proxies.sidecar("reviews", "v1"))) {
            Call call = Call.get("reviews", 9080, "/x").to("10.44.0.9");
            Reply plain = bench.receive(call);
            assertThat(plain.app()).isEqualTo("127.0.0.1:9080");
            assertThat(plain.seenHeaders()).doesNotContainKey("x-forwarded-client-cert");
            Reply mesh = bench.receive(call, "spiffe://cluster.local/ns/default/sa/bookinfo-productpage");
            assertThat(mesh.status()).isEqualTo(200);
            assertThat(mesh.seenHeaders().get("x-forwarded-client-cert"))
                    .contains("URI=spiffe://cluster.local/ns/default/sa/bookinfo-productpage");
            assertThat(mesh.logged().cluster()).isEqualTo("inbound|9080||");
        }
    }

    @Test
    void aRequestFromOutsideEntersAtTheEdge() throws IOException {
        try (Workbench bench = Workbench.start(MeshFiles.bookinfo("bookinfo-gateway"), Proxies.ingress())) {
            Reply reply = bench.enter(Call.get("shop.example.com", 80, "/productpage"));
            assertThat(reply.app()).startsWith("productpage-v1");
            assertThat(bench.enter(Call.get("shop.example.com", 80, "/other")).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aRequestOfBookinfoArrives() throws IOException {
        try (Workbench bench = Workbench.start(
                MeshFiles.bookinfo("destination-rule-all", "virtual-service-all-v1"),
                Proxies.sidecar("productpage", "v1"))) {
            Reply reply = bench.send(bench.get("reviews", 9080, "/reviews/0").with("x-mine", "1"));
            assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
            assertThat(reply.app()).startsWith("reviews-v1");
            assertThat(reply.seenPath()).isEqualTo("/reviews/0");
            assertThat(reply.seenHeaders()).containsEntry("x-mine", "1");
            assertThat(reply.logged().cluster()).isEqualTo("outbound|9080|v1|reviews.default.svc.cluster.local");
        }
    }
}
