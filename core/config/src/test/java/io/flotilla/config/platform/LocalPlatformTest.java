package io.flotilla.config.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LocalPlatformTest {
    private final LocalPlatform platform = new LocalPlatform(AddressPlan.DEFAULT);

    private static List<Config<Struct>> manifests(String text) {
        List<Config<?>> all = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("t.yaml", text).objects().stream()
                        .map(ParsedObject::config)
                        .forEach(all::add);
        return LocalPlatform.manifests(all);
    }

    private static String deployment(String name, int replicas) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}, annotations: {note: "1"}}
                    spec: {containers: [{name: c, image: i}]}
                """.formatted(name, replicas);
    }

    @Test
    void podsAreNumberedAndHaveTheTemplatesContent() {
        List<Config<Struct>> pods = platform.pods(manifests(deployment("web", 2) + deployment("none", 0)));
        assertThat(pods).extracting(Config::name).containsExactly("web-0", "web-1");
        assertThat(pods.getFirst().labels()).isEqualTo(Map.of("app", "web"));
        assertThat(pods.getFirst().annotations()).isEqualTo(Map.of("note", "1"));
        assertThat(new Manifest(pods.getFirst().spec()).list("spec", "containers"))
                .singleElement()
                .returns("i", container -> container.text("image"));
    }

    @Test
    void aControllerWhosePodsAreThereGetsNoOthers() {
        String pod =
                "---\n{apiVersion: v1, kind: Pod, metadata: {name: web-x, labels: {app: web}}, spec: {containers: [{name: c}]}}\n";
        assertThat(platform.pods(manifests(deployment("web", 2) + pod))).isEmpty();
    }

    @Test
    void addressesFollowFromNamesAndAreNeverGivenTwice() {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 5_000; i++) {
            names.add("default/pod-" + i);
        }
        Map<String, String> addresses = AddressPlan.DEFAULT.podAddresses(names, List.of());
        assertThat(addresses).hasSize(5_000);
        assertThat(new TreeSet<>(addresses.values()))
                .hasSize(5_000)
                .allMatch(each -> each.matches("10\\.44\\.([1-9]\\d*)\\.([1-9]\\d*)"));
        assertThat(AddressPlan.DEFAULT.podAddresses(names, List.of())).isEqualTo(addresses);

        String alone = AddressPlan.DEFAULT
                .podAddresses(List.of("default/x"), List.of())
                .get("default/x");
        assertThat(AddressPlan.DEFAULT.podAddresses(List.of("default/x"), List.of(String.valueOf(alone))))
                .doesNotContainValue(alone);
    }

    @Test
    void endpointSlicesFollowReadiness() {
        List<Config<Struct>> services = manifests(
                "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080, name: http}]}}");
        List<Config<Struct>> pods = platform.pods(manifests(deployment("web", 2)));
        List<Config<Struct>> running = List.of(
                platform.running(pods.get(0), "10.44.1.1", true), platform.running(pods.get(1), "10.44.1.2", false));
        assertThat(platform.endpointSlices(services, running)).singleElement().satisfies(slice -> {
            assertThat(slice.labels()).containsEntry("kubernetes.io/service-name", "web");
            assertThat(new Manifest(slice.spec()).list("endpoints"))
                    .extracting(endpoint -> endpoint.texts("addresses") + " " + endpoint.flag("conditions", "ready"))
                    .containsExactly("[10.44.1.1] true", "[10.44.1.2] false");
        });
    }

    @Test
    void slicesHoldAHundredEndpointsAtMost() {
        String service =
                "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n";
        List<Config<?>> expanded =
                platform.expand(manifests(service + deployment("web", 250)), LocalPlatform::withSidecar);
        var objects = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(expanded, List.of())
                .objects();
        List<Integer> sizes = objects.published().stream()
                .filter(config -> config.spec() instanceof io.flotilla.api.registry.v1.EndpointSlice)
                .map(config -> ((io.flotilla.api.registry.v1.EndpointSlice) config.spec()).getEndpointsCount())
                .toList();
        assertThat(sizes).hasSizeGreaterThan(2).allMatch(size -> size <= 100);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(250);
    }
}
