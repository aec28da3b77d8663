package io.flotilla.bookinfo.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** deploy/kustomize renders, agrees with itself, and keeps the names and ports that people and tools know. */
class KustomizeTest {
    private static Rendered demo;

    @BeforeAll
    static void render() throws IOException, InterruptedException {
        demo = Rendered.overlay("demo");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            istio-galley           | grpc-mcp:9901>9901 http-monitoring:15014>15014 https-validation:443>9443
            istio-pilot            | http-legacy-discovery:8080>15014 http-monitoring:15014>15014 https-xds-mtls:15012>15012 https-xds:15011>15012
            istiod                 | http-monitoring:15014>15014 https-dns:15012>15012
            istio-citadel          | grpc-citadel:8060>8060 http-monitoring:15014>15014
            istio-telemetry        | grpc-mixer-mtls:15004>9091 grpc-mixer:9091>9091 http-monitoring:15014>15014 http-zipkin:9411>9411 prometheus:42422>42422
            istio-policy           | grpc-mixer-mtls:15004>9091 grpc-mixer:9091>9091 http-monitoring:15014>15014
            istio-sidecar-injector | http-monitoring:15014>15014 https-inject:443>9443
            istio-ingressgateway   | http2:80>8080 https:443>8443 status-port:15020>15021 tcp:31400>31400 tls:15443>15443
            istio-egressgateway    | http2:80>8080 https:443>8443 tls:15443>15443
            """)
    void servicesHaveTheirKnownNamesAndPorts(String service, String ports) {
        assertThat(demo.one("Service", service).list("spec", "ports").stream()
                        .map(port -> port.text("name") + ":" + port.text("port") + ">" + port.text("targetPort"))
                        .sorted())
                .containsExactly(ports.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "istio-galley, galley, istio-galley-service-account",
        "istio-pilot, discovery, istio-pilot-service-account",
        "istio-citadel, citadel, istio-citadel-service-account",
        "istio-telemetry, mixer, istio-mixer-service-account",
        "istio-sidecar-injector, sidecar-injector-webhook, istio-sidecar-injector-service-account",
        "istio-ingressgateway, istio-proxy, istio-ingressgateway-service-account",
        "istio-egressgateway, istio-proxy, istio-egressgateway-service-account",
    })
    void deploymentsHaveTheirKnownContainersAndAccounts(String name, String container, String account) {
        Manifest pod = podOf(demo.one("Deployment", name));

        assertThat(pod.list("spec", "containers"))
                .extracting(c -> c.text("name"))
                .containsExactly(container);
        assertThat(pod.text("spec", "serviceAccountName")).isEqualTo(account);
        assertThat(demo.one("ServiceAccount", account).text("metadata", "namespace"))
                .isEqualTo("istio-system");
    }

    @Test
    void whoLooksForIstiodFindsPilot() {
        Manifest pilot = demo.one("Deployment", "istio-pilot");
        for (Manifest labelled : List.of(pilot, podOf(pilot))) {
            assertThat(labelled.text("metadata", "labels", "app")).isEqualTo("istiod");
            assertThat(labelled.text("metadata", "labels", "istio")).isEqualTo("pilot");
        }
        assertThat(demo.one("Service", "istiod").map("spec", "selector"))
                .isEqualTo(demo.one("Service", "istio-pilot").map("spec", "selector"));
    }

    @Test
    void everyServicePortIsAPortOfThePodsItSelects() {
        assertThat(demo.all("Service")).allSatisfy(service -> {
            List<Manifest> pods = demo.all("Deployment")
                    .map(KustomizeTest::podOf)
                    .filter(pod -> contains(pod.map("metadata", "labels"), service.map("spec", "selector")))
                    .toList();
            assertThat(pods).as("pods of " + service.name()).hasSize(1);
            assertThat(portNumbers(pods.getFirst()))
                    .containsAll(service.list("spec", "ports").stream()
                            .map(port -> port.text("targetPort"))
                            .toList());
        });
    }

    @Test
    void everyNetworkPolicyLetsInWhatAPodServesAndNothingElse() {
        assertThat(demo.all("NetworkPolicy")).allSatisfy(policy -> {
            Manifest pod = demo.all("Deployment")
                    .map(KustomizeTest::podOf)
                    .filter(p ->
                            contains(p.map("metadata", "labels"), policy.map("spec", "podSelector", "matchLabels")))
                    .findFirst()
                    .orElseThrow();
            assertThat(policy.list("spec", "ingress").stream()
                            .flatMap(rule -> rule.list("ports").stream())
                            .map(port -> port.text("port"))
                            .collect(Collectors.toSet()))
                    .isEqualTo(portNumbers(pod));
        });
    }

    @Test
    void probesAskPortsThatAreThere() {
        assertThat(containers()).allSatisfy(container -> {
            List<String> ports = container.list("ports").stream()
                    .map(port -> port.text("name"))
                    .toList();
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(container.text(probe, "httpGet", "port")).isIn(ports);
            }
            assertThat(container.text("livenessProbe", "httpGet", "path")).isEqualTo("/health/live");
        });
    }

    @Test
    void noPodOfTheSuiteHasRightsOnItsNode() {
        assertThat(demo.all("Deployment").map(KustomizeTest::podOf)).allSatisfy(pod -> {
            assertThat(pod.at("spec", "securityContext", "runAsNonRoot")).isEqualTo(true);
            assertThat(pod.text("spec", "securityContext", "seccompProfile", "type"))
                    .isEqualTo("RuntimeDefault");
        });
        assertThat(containers()).allSatisfy(container -> {
            assertThat(container.at("securityContext", "readOnlyRootFilesystem"))
                    .isEqualTo(true);
            assertThat(container.at("securityContext", "allowPrivilegeEscalation"))
                    .isEqualTo(false);
            assertThat(container.at("securityContext", "capabilities", "drop")).isEqualTo(List.of("ALL"));
            assertThat(container.at("resources", "limits", "memory")).isNotNull();
        });
    }

    @Test
    void onlyWhoTalksToKubernetesGetsATokenForIt() {
        List<String> bound = Stream.concat(demo.all("RoleBinding"), demo.all("ClusterRoleBinding"))
                .flatMap(binding -> binding.list("subjects").stream())
                .map(subject -> subject.text("name"))
                .toList();

        assertThat(demo.all("Deployment").map(KustomizeTest::podOf))
                .allSatisfy(pod -> assertThat(pod.at("spec", "automountServiceAccountToken"))
                        .as(pod.text("spec", "serviceAccountName"))
                        .isEqualTo(bound.contains(pod.text("spec", "serviceAccountName"))));
        assertThat(demo.all("ClusterRole").flatMap(role -> role.list("rules").stream()))
                .allSatisfy(rule -> assertThat(String.valueOf(rule.at("verbs"))).doesNotContain("*", "delete"));
    }

    @Test
    void theControlPlaneIsNeverInjected() {
        assertThat(demo.one("Namespace", "istio-system").text("metadata", "labels", "istio-injection"))
                .isEqualTo("disabled");
        assertThat(demo.all("Deployment").map(KustomizeTest::podOf)).allSatisfy(pod -> {
            assertThat(pod.text("metadata", "labels", "sidecar.istio.io/inject"))
                    .isEqualTo("false");
            assertThat(pod.text("metadata", "annotations", "sidecar.istio.io/inject"))
                    .isEqualTo("false");
        });
        List<Manifest> webhooks = demo.one("MutatingWebhookConfiguration", "istio-sidecar-injector")
                .list("webhooks");
        assertThat(webhooks)
                .isNotEmpty()
                .allSatisfy(webhook -> assertThat(webhook.list("namespaceSelector", "matchExpressions"))
                        .anySatisfy(selector -> {
                            assertThat(selector.text("key")).isEqualTo("kubernetes.io/metadata.name");
                            assertThat(selector.text("operator")).isEqualTo("NotIn");
                            assertThat(selector.text("values")).contains("istio-system", "kube-system");
                        }));
    }

    @Test
    void noTwoWebhooksTakeTheSamePod() {
        Manifest webhooks = demo.one("MutatingWebhookConfiguration", "istio-sidecar-injector");
        for (Map<String, String> namespace : List.of(
                Map.<String, String>of(),
                Map.of("istio-injection", "enabled"),
                Map.of("istio-injection", "disabled"),
                Map.of("istio.io/rev", "default"),
                Map.of("istio-injection", "enabled", "istio.io/rev", "default"))) {
            for (String wish : List.of("true", "false")) {
                assertThat(webhooks.list("webhooks").stream()
                                .filter(webhook -> Selectors.match(
                                        webhook.list("namespaceSelector", "matchExpressions"), namespace))
                                .filter(webhook -> Selectors.match(
                                        webhook.list("objectSelector", "matchExpressions"),
                                        Map.of("sidecar.istio.io/inject", wish))))
                        .as("namespace " + namespace + ", pod wishes " + wish)
                        .hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "default", "minimal"})
    void everyOverlayRendersIntoOneNamespace(String overlay) throws IOException, InterruptedException {
        Rendered rendered = Rendered.overlay(overlay);

        assertThat(rendered.all("Deployment"))
                .isNotEmpty()
                .allMatch(object -> object.text("metadata", "namespace").equals("istio-system"));
        assertThat(rendered.all("HorizontalPodAutoscaler"))
                .allSatisfy(scaler -> assertThat(
                                rendered.one("Deployment", scaler.text("spec", "scaleTargetRef", "name"))
                                        .text("spec", "replicas"))
                        .isEqualTo(scaler.text("spec", "minReplicas")));
    }

    @Test
    void theDemoIsSmall() {
        assertThat(demo.all("Deployment"))
                .allMatch(deployment -> deployment.text("spec", "replicas").equals("1"));
        assertThat(demo.all("HorizontalPodAutoscaler")).isEmpty();
        assertThat(demo.all("PodDisruptionBudget")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "virtualservices.networking.istio.io, v1 v1beta1 v1alpha3, Namespaced",
        "destinationrules.networking.istio.io, v1 v1beta1 v1alpha3, Namespaced",
        "envoyfilters.networking.istio.io, v1 v1beta1 v1alpha3, Namespaced",
        "peerauthentications.security.istio.io, v1 v1beta1, Namespaced",
        "policies.authentication.istio.io, v1alpha1, Namespaced",
        "meshpolicies.authentication.istio.io, v1alpha1, Cluster",
        "clusterrbacconfigs.rbac.istio.io, v1alpha1, Cluster",
        "rules.config.istio.io, v1alpha2, Namespaced",
        "memquotas.config.istio.io, v1alpha2, Namespaced",
        "telemetries.telemetry.istio.io, v1 v1alpha1, Namespaced",
        "wasmplugins.extensions.istio.io, v1alpha1, Namespaced",
    })
    void kindsHaveTheirVersionsAndScope(String name, String versions, String scope) {
        Manifest kind = demo.one("CustomResourceDefinition", name);

        assertThat(kind.list("spec", "versions"))
                .extracting(v -> v.text("name"))
                .containsExactly(versions.split(" ", -1));
        assertThat(kind.list("spec", "versions"))
                .filteredOn(v -> Boolean.TRUE.equals(v.at("storage")))
                .hasSize(1);
        assertThat(kind.text("spec", "scope")).isEqualTo(scope);
    }

    private static Manifest podOf(Manifest deployment) {
        return new Manifest(deployment.map("spec", "template"));
    }

    private static Stream<Manifest> containers() {
        return demo.all("Deployment").flatMap(deployment -> podOf(deployment).list("spec", "containers").stream());
    }

    private static Set<String> portNumbers(Manifest pod) {
        return pod.list("spec", "containers").stream()
                .flatMap(container -> container.list("ports").stream())
                .map(port -> port.text("containerPort"))
                .collect(Collectors.toSet());
    }

    private static boolean contains(Map<?, ?> labels, Map<?, ?> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
