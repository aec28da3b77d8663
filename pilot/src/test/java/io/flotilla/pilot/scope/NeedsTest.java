package io.flotilla.pilot.scope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Groups;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.world.MeshYaml;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeedsTest {
    private static final String FOUR = Namespaces.namespace("a", 1)
            + Namespaces.namespace("b", 2)
            + Namespaces.namespace("c", 3)
            + Namespaces.namespace("d", 4);

    @Test
    void withoutAnyScopeAProxyNeedsAll() {
        MeshSnapshot mesh = MeshYaml.of(FOUR);
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.ALL);
        assertThat(Needs.of(mesh, sidecar("without-services"))).isEqualTo(Groups.ALL);
        assertThat(Needs.everywhere(mesh)).isTrue();
    }

    @Test
    void aSidecarSaysWhoseServicesAreNeededAndItsOwnNamespaceAlwaysIs() {
        MeshSnapshot mesh = MeshYaml.of(FOUR + Namespaces.sidecar("a", "b/*"));
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.of(Set.of("a", "b")));
        assertThat(Needs.of(mesh, sidecar("c"))).isEqualTo(Groups.ALL);
        assertThat(Needs.everywhere(mesh)).isFalse();
    }

    @Test
    void theRootsSidecarIsForAll() {
        MeshSnapshot mesh = MeshYaml.of(FOUR + Namespaces.sidecar("istio-system", "./*"));
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.of(Set.of("a")));
        assertThat(Needs.of(mesh, List.of(sidecar("a"), sidecar("c")))).isEqualTo(Groups.of(Set.of("a", "c")));
        assertThat(Needs.of(mesh, List.of())).isEqualTo(Groups.of(Set.of()));
    }

    @Test
    void whatImportedRoutesLeadToIsNeeded() {
        MeshSnapshot mesh = MeshYaml.of(FOUR + Namespaces.sidecar("a", "b/*") + """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: elsewhere, namespace: b}
            spec: {hosts: [b], http: [{route: [{destination: {host: c.c.svc.cluster.local}}]}]}
            """);
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.of(Set.of("a", "b", "c")));
    }

    @Test
    void whatIsNotExportedIsNotNeeded() {
        MeshSnapshot mesh = MeshYaml.of(FOUR.replace(
                "metadata: {name: c, namespace: c}",
                "metadata: {name: c, namespace: c, annotations: {networking.istio.io/exportTo: .}}"));
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.of(Set.of("a", "b", "d")));
        assertThat(Needs.of(mesh, sidecar("c"))).isEqualTo(Groups.ALL);
        assertThat(Needs.everywhere(mesh)).isFalse();
    }

    @Test
    void aSidecarIsChosenByTheLabelsThatTheRegistryKnows() {
        MeshSnapshot mesh = MeshYaml.of(FOUR
                + Namespaces.sidecar("a", "b/*")
                + Namespaces.sidecar("a", "d/*")
                        .replace("name: default", "name: own")
                        .replace("spec: {", "spec: {workloadSelector: {labels: {app: a}}, "));
        assertThat(Needs.of(mesh, sidecar("a"))).isEqualTo(Groups.of(Set.of("a", "d")));
    }

    @Test
    void anEdgeProxyNeedsWhatItsNamespaceSeesWhateverSidecarsSay() {
        MeshSnapshot mesh = MeshYaml.of(FOUR + Namespaces.sidecar("istio-system", "./*"));
        assertThat(Needs.of(mesh, proxy("router~10.44.9.9~edge-0.a~a.svc.cluster.local")))
                .isEqualTo(Groups.ALL);
    }

    private static Proxy sidecar(String namespace) {
        return proxy("sidecar~10.44.9.9~" + namespace + "-0." + namespace + "~" + namespace + ".svc.cluster.local");
    }

    static Proxy proxy(String id) {
        Node node = Node.newBuilder()
                .setId(id)
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "CLUSTER_ID",
                                Value.newBuilder().setStringValue("Kubernetes").build()))
                .build();
        return switch (Proxy.parse(node)) {
            case Proxy.Parsed.Accepted(Proxy accepted) -> accepted;
            case Proxy.Parsed.Refused(String message) -> throw new IllegalArgumentException(message);
        };
    }
}
