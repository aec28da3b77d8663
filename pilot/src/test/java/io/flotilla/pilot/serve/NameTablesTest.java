package io.flotilla.pilot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.networking.nds.v1.NameTable;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Peer;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.world.MeshYaml;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameTablesTest {
    private static final String HEADLESS = """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: default}
            spec: {clusterIP: None, selector: {app: db}, ports: [{name: tcp, port: 5432}]}
            ---
            """;
    private static final String OUTSIDE = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: out, namespace: default}
            spec:
              hosts: [api.example.com]
              addresses: [240.0.0.7, 10.9.0.0/16]
              ports: [{number: 443, name: tls, protocol: TLS}]
              resolution: STATIC
              endpoints: [{address: 192.0.2.1}]
            ---
            """;

    private static MeshSnapshot mesh(String database) {
        return MeshYaml.of(MeshYaml.service("web")
                + MeshYaml.pod("web", "web", "10.44.1.1")
                + HEADLESS
                + MeshYaml.pod("db", "db", database)
                + OUTSIDE);
    }

    private static List<String> ips(Map<String, NameTable.NameInfo> table, String host) {
        return table.getOrDefault(host, NameTable.NameInfo.getDefaultInstance()).getIpsList();
    }

    @Test
    void namesHaveTheAddressesThatTheirServicesHave() {
        MeshSnapshot mesh = mesh("10.44.1.2");
        Map<String, NameTable.NameInfo> table = NameTables.of(
                        mesh, mesh.imports("default", Map.of(), true).services())
                .getTableMap();
        assertThat(table.get("web.default.svc.cluster.local"))
                .isEqualTo(NameTable.NameInfo.newBuilder()
                        .addIps("10.96.1.1")
                        .setRegistry("Kubernetes")
                        .setShortname("web")
                        .setNamespace("default")
                        .build());
        assertThat(ips(table, "db.default.svc.cluster.local")).containsExactly("10.44.1.2");
        assertThat(ips(table, "db-0.db.default.svc.cluster.local")).containsExactly("10.44.1.2");
        assertThat(table.get("api.example.com"))
                .isEqualTo(NameTable.NameInfo.newBuilder()
                        .addIps("240.0.0.7")
                        .setRegistry("External")
                        .build());
    }

    @Test
    void whoAsksForNamesIsToldThemAndTheirChangesAndNobodyElseIs() throws Exception {
        Views views = new Views(Tuning.defaults(), Duration.ofMinutes(1), InstantSource.system(), (type, n) -> {});
        ProxySource source = new ProxySource(views, MeshSettings.defaults(), new ProxySource.Receipts() {
            @Override
            public void accepted(String typeUrl, Generation generation) {}

            @Override
            public void rejected(String proxy, String typeUrl, String message) {}
        });
        views.advance(state(1, "10.44.1.2"));
        List<View> got = new ArrayList<>();
        List<View> other = new ArrayList<>();
        try (DiscoverySource.Session session = source.open(stream(1), got::add);
                DiscoverySource.Session silent = source.open(stream(2), other::add)) {
            silent.subscribed("another type", List.of(), Map.of());
            assertThat(got.getLast().types()).doesNotContainKey(NameTables.TYPE_URL);
            session.subscribed(NameTables.TYPE_URL, List.of(), Map.of());
            assertThat(database(got.getLast())).containsExactly("10.44.1.2");
            views.advance(state(2, "10.44.1.9"));
            source.renewNames();
            assertThat(database(got.getLast())).containsExactly("10.44.1.9");
            int told = got.size();
            source.renewNames();
            assertThat(got).hasSize(told);
            assertThat(other.getLast().types()).doesNotContainKey(NameTables.TYPE_URL);
        }
    }

    private static MeshState state(long generation, String database) {
        return new MeshState(
                new Generation(1, Map.of("test", generation)),
                mesh(database),
                Set.of(Kind.REGISTRY_SERVICE, Kind.REGISTRY_ENDPOINT_SLICE, Kind.REGISTRY_WORKLOAD),
                0);
    }

    private static StreamInfo stream(long id) {
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.1.1~web-0.default~default.svc.cluster.local")
                .build();
        return new StreamInfo(id, node, new Peer(false, List.of(), "", "/127.0.0.1:1"), true);
    }

    private static List<String> database(View view) throws Exception {
        return Any.parseFrom(
                        view.type(NameTables.TYPE_URL).resources().getFirst().any())
                .unpack(NameTable.class)
                .getTableOrThrow("db.default.svc.cluster.local")
                .getIpsList();
    }
}
