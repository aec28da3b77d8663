package io.flotilla.bench.analysis;

import io.flotilla.config.analysis.AnalysisInput;
import io.flotilla.config.analysis.Analyzer;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.store.MeshFolder;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Analyses meshes of growing size, read once, and prints the thread's processor time: it should grow as the objects do.
 * Arguments: numbers of objects (default 1250 2500 5000 10000 20000), then "one" for a mesh in a single namespace.
 */
public final class AnalysisBench {
    private static final int ROUNDS = 5;
    /** Service, two Deployments, DestinationRule, VirtualService. */
    private static final int OBJECTS_OF_AN_APPLICATION = 5;

    private static final int APPLICATIONS_OF_A_NAMESPACE = 20;

    private AnalysisBench() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        boolean one = List.of(arguments).contains("one");
        List<Integer> sizes = List.of(arguments).stream()
                .filter(each -> !each.equals("one"))
                .map(Integer::valueOf)
                .toList();
        PrintStream out = System.out;
        out.printf("%8s %10s %10s %10s %14s%n", "objects", "cpu ms", "best ms", "findings", "us per object");
        for (int size : sizes.isEmpty() ? List.of(1250, 1250, 2500, 5000, 10_000, 20_000) : sizes) {
            measure(size, one, out);
        }
    }

    private static void measure(int size, boolean one, PrintStream out) {
        Map<String, String> texts = texts(size / OBJECTS_OF_AN_APPLICATION, one);
        MeshFolder folder = MeshFolder.read(texts);
        long best = Long.MAX_VALUE;
        long first = 0;
        int findings = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = cpu();
            List<Diagnostic> found = Analyzer.analyze(AnalysisInput.folder(folder, texts));
            long spent = cpu() - before;
            first = round == 0 ? spent : first;
            best = Math.min(best, spent);
            findings = found.size();
        }
        int objects = folder.objects().size();
        out.printf("%8d %10.1f %10.1f %10d %14.1f%n", objects, first / 1e6, best / 1e6, findings, best / 1e3 / objects);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** One file per application; every tenth has a mistake of some kind. */
    private static Map<String, String> texts(int applications, boolean one) {
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; i < applications; i++) {
            String namespace = one ? "default" : "team-" + i / APPLICATIONS_OF_A_NAMESPACE;
            String subset = i % 10 == 0 ? "v9" : "v2";
            texts.put(
                    "app-" + i + ".yaml",
                    TEMPLATE.replace("NAMESPACE", namespace)
                            .replace("NAME", "app-" + i)
                            .replace("SUBSET", subset));
        }
        return texts;
    }

    private static final String TEMPLATE = """
            apiVersion: v1
            kind: Service
            metadata: {name: NAME, namespace: NAMESPACE}
            spec:
              selector: {app: NAME}
              ports: [{name: http, port: 9080}, {name: grpc, port: 9090}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: NAME-v1, namespace: NAMESPACE}
            spec:
              selector: {matchLabels: {app: NAME, version: v1}}
              template:
                metadata: {labels: {app: NAME, version: v1, team: all}}
                spec:
                  containers: [{name: app, image: app, ports: [{containerPort: 9080}, {containerPort: 9090}]}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: NAME-v2, namespace: NAMESPACE}
            spec:
              selector: {matchLabels: {app: NAME, version: v2}}
              template:
                metadata: {labels: {app: NAME, version: v2, team: all}}
                spec:
                  containers: [{name: app, image: app, ports: [{containerPort: 9080}, {containerPort: 9090}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: NAME, namespace: NAMESPACE}
            spec:
              host: NAME
              trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: NAME, namespace: NAMESPACE}
            spec:
              hosts: [NAME]
              http:
              - match:
                - {uri: {prefix: /api/v2}, headers: {x-user: {exact: jason}}}
                - {uri: {exact: /api/list}, method: {exact: GET}}
                route:
                - destination: {host: NAME, subset: SUBSET, port: {number: 9080}}
              - timeout: 3s
                retries: {attempts: 2, perTryTimeout: 1s}
                route:
                - {destination: {host: NAME, subset: v1, port: {number: 9080}}, weight: 80}
                - {destination: {host: NAME, subset: v2, port: {number: 9080}}, weight: 20}
            """;
}
