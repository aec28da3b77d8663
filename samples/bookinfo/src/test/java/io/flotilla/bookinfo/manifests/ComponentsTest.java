package io.flotilla.bookinfo.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each component of deploy/kustomize changes what it is for, and nothing else. */
class ComponentsTest {
    /** By component, which objects of the demo differ with it; new ones have a plus. */
    private static final Map<String, List<String>> CHANGES = Map.of(
            "account-secrets", List.of("ClusterRole istio-citadel-istio-system", "Deployment istio-citadel"),
            "workload-credentials", List.of("ClusterRole istio-citadel-istio-system", "Deployment istio-citadel"),
            "revocation-sweep", List.of("ClusterRole istio-citadel-istio-system", "Deployment istio-citadel"),
            "plaintext-xds", List.of("Deployment istio-pilot", "NetworkPolicy istio-pilot", "Service istio-pilot"));

    private static Map<String, Manifest> demo;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path scratch;

    @BeforeAll
    static void render() throws IOException, InterruptedException {
        demo = byName(Rendered.overlay("demo"));
    }

    private static Map<String, Manifest> byName(Rendered rendered) {
        return rendered.objects().stream()
                .collect(Collectors.toMap(
                        each -> each.kind() + " " + each.name(), each -> each, (a, b) -> b, TreeMap::new));
    }

    @Test
    void everyComponentChangesWhatItIsFor() throws IOException, InterruptedException {
        List<String> components;
        try (Stream<Path> folders = Files.list(Rendered.COMPONENTS)) {
            components =
                    folders.map(each -> each.getFileName().toString()).sorted().toList();
        }
        assertThat(components).containsExactlyInAnyOrderElementsOf(CHANGES.keySet());
        for (String component : components) {
            Map<String, Manifest> with = byName(Rendered.demoWith(scratch, component));
            assertThat(with.keySet()).as(component).containsAll(demo.keySet());
            assertThat(with.entrySet().stream()
                            .filter(each -> !each.getValue().equals(demo.get(each.getKey())))
                            .map(Map.Entry::getKey)
                            .map(name -> demo.containsKey(name) ? name : "+" + name))
                    .as(component)
                    .containsExactlyInAnyOrderElementsOf(CHANGES.get(component));
        }
    }

    @Test
    void plaintextIsServedWhereThePodTheServiceAndThePolicySaySo() throws IOException, InterruptedException {
        Rendered with = Rendered.demoWith(scratch, "plaintext-xds");

        Manifest pod = new Manifest(with.one("Deployment", "istio-pilot").map("spec", "template"));
        assertThat(pod.list("spec", "containers").getFirst().list("ports"))
                .extracting(port -> port.text("containerPort"))
                .contains("15010");
        assertThat(with.one("Service", "istio-pilot").list("spec", "ports"))
                .extracting(port -> port.text("port") + ">" + port.text("targetPort"))
                .contains("15010>15010");
        assertThat(with.one("NetworkPolicy", "istio-pilot").list("spec", "ingress").stream()
                        .flatMap(rule -> rule.list("ports").stream())
                        .map(port -> port.text("port")))
                .contains("15010");
    }

    @Test
    void theClassicSecretsNeedTheirRights() throws IOException, InterruptedException {
        Rendered with = Rendered.demoWith(scratch, "account-secrets");

        assertThat(with.one("ClusterRole", "istio-citadel-istio-system").list("rules"))
                .extracting(rule -> rule.text("resources") + " " + rule.text("verbs"))
                .contains("[serviceaccounts] [list]", "[secrets] [get, list, create, patch, delete]");
        Manifest citadel = new Manifest(with.one("Deployment", "istio-citadel").map("spec", "template"));
        assertThat(citadel.list("spec", "containers").getFirst().list("env"))
                .extracting(each -> each.text("name") + "=" + each.text("value"))
                .contains("FLOTILLA_ACCOUNT_SECRETS=*");
    }
}
