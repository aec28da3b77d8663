package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.store.MeshFolder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnalyzerTest {
    private static final String CHAIN = """
            apiVersion: v1
            kind: Service
            metadata: {name: front}
            spec: {selector: {app: front}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: back}
            spec: {selector: {app: back}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: front}
            spec:
              hosts: [front]
              http:
              - retries: {attempts: 4}
                headers: {request: {remove: [x-user]}}
                route: [{destination: {host: front}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: back}
            spec:
              hosts: [back]
              http:
              - retries: {attempts: 2}
                match: [{headers: {x-user: {exact: jason}}SOURCE}]
                route: [{destination: {host: back}}]
              - route: [{destination: {host: back}}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: front}
            spec:
              selector: {matchLabels: {app: front}}
              template:
                metadata: {labels: {app: front}}
                spec: {containers: [{name: app, image: app, ports: [{containerPort: 80}]}]}
            """;

    private static final String FRONT = "front.default.svc.cluster.local";
    private static final String BACK = "back.default.svc.cluster.local";

    @Test
    void observedCallsConnectRulesThatConfigurationDoesNot() {
        MeshFolder folder = MeshFolder.read(Map.of("chain.yaml", CHAIN.replace("SOURCE", "")));
        AnalysisInput unknown = AnalysisInput.live(folder.objects(), folder.snapshot());
        AnalysisInput observed = new AnalysisInput(
                folder.objects(),
                folder.snapshot(),
                Positions.OF_OBJECTS,
                List.of(new AnalysisInput.Call(FRONT, BACK)));

        assertThat(codes(Analyzer.analyze(unknown))).doesNotContain("FA0217", "FA0219");
        assertThat(codes(Analyzer.analyze(observed))).contains("FA0217", "FA0219");
    }

    @Test
    void labelsOfCallersConnectRulesToo() {
        MeshFolder folder =
                MeshFolder.read(Map.of("chain.yaml", CHAIN.replace("SOURCE", ", sourceLabels: {app: front}")));

        List<Diagnostic> found = Analyzer.analyze(AnalysisInput.live(folder.objects(), folder.snapshot()));

        assertThat(found)
                .filteredOn(finding -> finding.code().equals("FA0217"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("one request may become 15", "5 tries", "3 tries"));
        assertThat(codes(found)).contains("FA0219");
    }

    @Test
    void callsInACircleEnd() {
        MeshFolder folder = MeshFolder.read(Map.of("chain.yaml", CHAIN.replace("SOURCE", "")));

        List<Diagnostic> found = Analyzer.analyze(new AnalysisInput(
                folder.objects(),
                folder.snapshot(),
                Positions.OF_OBJECTS,
                List.of(
                        new AnalysisInput.Call(FRONT, BACK),
                        new AnalysisInput.Call(BACK, FRONT),
                        new AnalysisInput.Call(FRONT, FRONT))));

        assertThat(codes(found)).contains("FA0217");
    }

    @Test
    void aLiveStateHasTheLinesOfObjects() {
        MeshFolder folder = MeshFolder.read(Map.of("mesh.yaml", "\n\n" + route("x", "nowhere")));

        assertThat(Analyzer.analyze(AnalysisInput.live(folder.objects(), folder.snapshot())))
                .filteredOn(finding -> finding.code().equals("FA0101"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.origin().toString()).isEqualTo("mesh.yaml:3"));
    }

    @Test
    void moreThanTheLimitIsCounted() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append("---\n").append(route("r" + i, "nowhere-" + i));
        }
        Map<String, String> texts = Map.of("many.yaml", text.toString());

        List<Diagnostic> found = Analyzer.analyze(
                AnalysisInput.folder(MeshFolder.read(texts), texts), new AnalysisOptions(3, List.of()));

        assertThat(found).filteredOn(each -> each.code().equals("FA0101")).hasSize(3);
        assertThat(found)
                .filteredOn(each -> each.code().equals("FA0001"))
                .extracting(Diagnostic::message)
                .contains("5 more findings of FA0101 are not shown");
    }

    @Test
    void objectsInAListHaveTheirOwnLines() {
        String list = "apiVersion: v1\nkind: List\nitems:\n- "
                + route("x", "nowhere").strip().replace("\n", "\n  ") + "\n- "
                + route("y", "nobody").strip().replace("\n", "\n  ") + "\n";
        Map<String, String> texts = Map.of("list.yaml", list);

        assertThat(Analyzer.analyze(AnalysisInput.folder(MeshFolder.read(texts), texts)))
                .filteredOn(finding -> finding.code().equals("FA0101"))
                .extracting(finding -> list.split("\n", -1)[finding.origin().line() - 1].strip())
                .containsExactly(
                        "- route: [{destination: {host: nowhere}}]", "- route: [{destination: {host: nobody}}]");
    }

    @Test
    void theOrderOfObjectsDoesNotMatter() {
        MeshFolder folder =
                MeshFolder.read(Map.of("chain.yaml", CHAIN.replace("SOURCE", ""), "r.yaml", route("x", "y")));
        List<Diagnostic> forward = Analyzer.analyze(AnalysisInput.live(folder.objects(), folder.snapshot()));

        assertThat(Analyzer.analyze(AnalysisInput.live(folder.objects().reversed(), folder.snapshot())))
                .isEqualTo(forward);
    }

    @Test
    void podsOfAControllerThatWasReadAreNotToldAgain() {
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: front-1
                  labels: {app: front}
                  annotations: {sidecar.istio.io/logLevle: debug}
                  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: front-1, uid: a, controller: true}]
                spec: {containers: [{name: app, image: app, securityContext: {runAsUser: 1337}}]}
                """;
        MeshFolder alone = MeshFolder.read(Map.of("pod.yaml", pod));
        MeshFolder both = MeshFolder.read(Map.of("chain.yaml", CHAIN.replace("SOURCE", ""), "pod.yaml", pod));

        assertThat(codes(Analyzer.analyze(AnalysisInput.live(alone.objects(), alone.snapshot()))))
                .contains("FA0610", "FA0805");
        assertThat(codes(Analyzer.analyze(AnalysisInput.live(both.objects(), both.snapshot()))))
                .doesNotContain("FA0610", "FA0805");
    }

    private static String route(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: NAME}
                spec:
                  hosts: [NAME]
                  http:
                  - route: [{destination: {host: HOST}}]
                """.replace("NAME", name).replace("HOST", host);
    }

    private static Set<String> codes(List<Diagnostic> found) {
        return found.stream().map(Diagnostic::code).collect(Collectors.toCollection(TreeSet::new));
    }
}
