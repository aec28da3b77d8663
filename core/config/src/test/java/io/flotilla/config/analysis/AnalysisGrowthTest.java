package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.store.MeshFolder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalysisGrowthTest {
    private static final int SERVICES = 3_000;

    private static final String SERVICE = """
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: svc-NUMBER, namespace: ns-SPACE}
            spec:
              hosts: [svc-NUMBER.mesh.example]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: svc-NUMBER, namespace: ns-SPACE}
            spec:
              host: svc-NUMBER.mesh.example
              trafficPolicy: {tls: {mode: SIMPLE, credentialName: secret, sni: svc}}
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: svc-NUMBER, namespace: ns-SPACE}
            spec:
              hosts: [svc-NUMBER.mesh.example]
              http:
              - match: [{gateways: [edge]}]
                route: [{destination: {host: svc-NUMBER.mesh.example, subset: v1}}]
            """;

    /** A check that looks at all VirtualServices for each rule takes ten times this limit. */
    @Test
    void noCheckLooksAtAllObjectsOfOneKindForEachOfAnother() {
        MeshFolder folder = MeshFolder.read(files());
        AnalysisInput input = AnalysisInput.live(folder.objects(), folder.snapshot());

        long before = processorTime();
        assertThat(Analyzer.analyze(input)).anyMatch(found -> found.code().equals("FA0313"));

        assertThat(Duration.ofNanos(processorTime() - before)).isLessThan(Duration.ofSeconds(3));
    }

    private static Map<String, String> files() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < SERVICES; i++) {
            all.append(SERVICE.replace("NUMBER", Integer.toString(i)).replace("SPACE", Integer.toString(i % 10)));
        }
        return Map.of("all.yaml", all.toString());
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
