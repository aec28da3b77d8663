package io.flotilla.galley.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.galley.kubernetes.Interests.Served;
import io.flotilla.galley.kubernetes.Target.Only;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterestsTest {
    private static Served served(Kind kind, String version, String plural) {
        return new Served(kind, version, plural, true);
    }

    @Test
    void readsAKindOnceInItsNewestVersion() {
        List<Target> targets = Interests.targets(
                List.of(
                        served(Kind.VIRTUAL_SERVICE, "v1alpha3", "virtualservices"),
                        served(Kind.VIRTUAL_SERVICE, "v1", "virtualservices"),
                        served(Kind.VIRTUAL_SERVICE, "v1beta1", "virtualservices"),
                        served(Kind.VIRTUAL_SERVICE, "v9", "virtualservices")),
                List.of());
        assertThat(targets).extracting(Target::path).containsExactly("/apis/networking.istio.io/v1/virtualservices?");
    }

    @Test
    void readsNoSecretsAndNoMoreConfigMapsThanTheMeshs() {
        List<Target> targets = Interests.targets(
                List.of(
                        served(new Kind("", "Secret"), "v1", "secrets"),
                        served(Kind.CONFIG_MAP, "v1", "configmaps"),
                        served(Kind.DEPLOYMENT, "v1", "deployments")),
                List.of(new Only("istio-system", "istio")));
        assertThat(targets)
                .extracting(Target::path)
                .containsExactly("/api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio&");
        assertThat(targets.getFirst().owns("kubernetes/core/ConfigMap/istio-system/istio"))
                .isTrue();
        assertThat(targets.getFirst().owns("kubernetes/core/ConfigMap/default/istio"))
                .isFalse();
    }

    @Test
    void readsEndpointsOnlyWhereThereAreNoSlices() {
        Served endpoints = served(Kind.ENDPOINTS, "v1", "endpoints");
        Served slices = served(Kind.ENDPOINT_SLICE, "v1", "endpointslices");
        assertThat(Interests.targets(List.of(endpoints), List.of())).hasSize(1);
        assertThat(Interests.targets(List.of(endpoints, slices), List.of()))
                .extracting(Target::kind)
                .containsExactly(Kind.ENDPOINT_SLICE);
    }

    @Test
    void namespacesAreSelectedAsByKubectl() {
        Map<String, String> labels = Map.of("env", "test", "mesh", "on");
        assertThat(selects("", labels)).isTrue();
        assertThat(selects("mesh=on,env in (test, live)", labels)).isTrue();
        assertThat(selects("mesh==on,env notin (test)", labels)).isFalse();
        assertThat(selects("mesh!=off,!private", labels)).isTrue();
        assertThat(selects("private", labels)).isFalse();
        assertThat(NamespaceSelector.parse("mesh=on,,x")).isEmpty();
        assertThat(NamespaceSelector.parse("env in test")).isEmpty();
    }

    private static boolean selects(String selector, Map<String, String> labels) {
        return NamespaceSelector.parse(selector).orElseThrow().selects(labels);
    }
}
