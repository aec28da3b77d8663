package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.bootstrap.MeshProxies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class KubeInjectTest {
    private static final String SERVICE = """
            # a comment that stays
            apiVersion: v1
            kind:   Service
            metadata: {name: "details"}
            """;
    private static final String POD_TEMPLATE =
            "metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: a}]}";

    private final KubeInject kubeInject =
            KubeInject.requested(InjectionSettings.defaults(), MeshProxies.NONE, "default");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Pod | metadata: {name: a}, spec: {containers: [{name: a, image: a}]}",
                "Deployment | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "StatefulSet | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "DaemonSet | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "ReplicaSet | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "ReplicationController | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "Job | metadata: {name: a}, spec: {template: {TEMPLATE}}",
                "CronJob | metadata: {name: a}, spec: {jobTemplate: {spec: {template: {TEMPLATE}}}}",
                "List | items: [{kind: Deployment, metadata: {name: a}, spec: {template: {TEMPLATE}}}]"
            })
    void everyKindThatMakesPodsIsInjectedOnce(String kind, String rest) {
        String manifest = "{kind: " + kind + ", " + rest.replace("TEMPLATE", POD_TEMPLATE) + "}\n";
        KubeInject.Result once = kubeInject.inject(manifest);
        assertThat(once.problems()).isEmpty();
        assertThat(once.yaml()).contains("name: istio-proxy", "name: istio-init", "sidecar.istio.io/status");
        KubeInject.Result twice = kubeInject.inject(once.yaml());
        assertThat(twice.yaml()).isEqualTo(once.yaml());
        assertThat(twice.notes()).singleElement().asString().contains("already has a container istio-proxy");
    }

    @Test
    void otherDocumentsStayByteForByte() {
        String manifest = SERVICE + "--- # next\n" + "kind: Pod\nspec: {containers: [{name: a}]}\n---\n" + SERVICE;
        String injected = kubeInject.inject(manifest).yaml();
        assertThat(injected).startsWith(SERVICE + "--- # next\n").endsWith("\n---\n" + SERVICE);
        assertThat(injected).contains("istio-proxy");
    }

    @Test
    void scriptIsTheSameAfterTheDetourByYaml() {
        String injected = kubeInject
                .inject("kind: Pod\nspec: {containers: [{name: a}]}\n")
                .yaml();
        Map<String, Object> pod =
                Tree.asObject(new Load(LoadSettings.builder().build()).loadFromString(injected), "pod");
        Map<String, Object> init =
                Tree.objects(Tree.object(pod, "spec"), "initContainers").getFirst();
        assertThat(Tree.list(init, "command")).isEqualTo(List.of("/bin/sh", "-c", InitScript.TEXT));
    }

    @Test
    void scriptHasNothingThatKubernetesWouldExpand() {
        assertThat(InitScript.TEXT).doesNotContain("$$").doesNotContainPattern("\\$\\([A-Z_]+\\)");
    }

    @Test
    void brokenDocumentIsToldAndKept() {
        KubeInject.Result result = kubeInject.inject(SERVICE + "---\n{kind: Pod\n");
        assertThat(result.yaml()).isEqualTo(SERVICE + "---\n{kind: Pod\n");
        assertThat(result.problems()).singleElement().asString().startsWith("document 2: ");
    }

    @Test
    void refusedPodIsToldByName() {
        KubeInject.Result result = kubeInject.inject(
                "kind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: no}}}\n");
        assertThat(result.problems()).containsExactly("Deployment a: containers: must be a list");
    }
}
