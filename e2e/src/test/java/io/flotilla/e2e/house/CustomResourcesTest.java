package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A cluster can hold what Galley reads: every kind of Istio's groups, and of ours, that is acted on has a CRD, in every version. */
class CustomResourcesTest {
    private static final List<String> VERSIONS =
            List.of("v1", "v1beta1", "v1beta2", "v1alpha1", "v1alpha2", "v1alpha3");

    @Test
    void everyKindOfIstiosGroupsHasItsCrd() throws IOException {
        Set<String> known = new TreeSet<>();
        for (KindInfo info : KindCatalog.all()) {
            if (ours(info.kind().group()) && !(info.shape() instanceof KindInfo.Shape.NotYet)) {
                VERSIONS.stream()
                        .map(version -> info.kind().group() + "/" + version)
                        .filter(api -> KindCatalog.find(api, info.kind().name()).isPresent())
                        .forEach(api -> known.add(line(api, info.kind().name(), info.namespaced())));
            }
        }
        assertThat(installed()).containsAll(known);
    }

    private static boolean ours(String group) {
        return group.endsWith(".istio.io") || group.endsWith(".flotilla.io");
    }

    private static Set<String> installed() throws IOException {
        Set<String> installed = new TreeSet<>();
        try (Stream<Path> files = Files.list(SourceTree.ROOT.resolve("deploy/kustomize/base/crds"))) {
            for (Path file :
                    files.filter(each -> !each.endsWith("kustomization.yaml")).toList()) {
                for (Object crd : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
                    add(map(map(crd).get("spec")), installed);
                }
            }
        }
        return installed;
    }

    private static void add(Map<?, ?> spec, Set<String> installed) {
        boolean namespaced = "Namespaced".equals(spec.get("scope"));
        for (Object version : (List<?>) Objects.requireNonNull(spec.get("versions"))) {
            installed.add(line(
                    spec.get("group") + "/" + map(version).get("name"),
                    String.valueOf(map(spec.get("names")).get("kind")),
                    namespaced));
        }
    }

    private static String line(String apiVersion, String kind, boolean namespaced) {
        return apiVersion + " " + kind + (namespaced ? "" : " (of the cluster)");
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value);
    }
}
