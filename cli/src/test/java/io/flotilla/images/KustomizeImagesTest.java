package io.flotilla.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.injection.ProxyContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What deploy/kustomize and the injector run is what the command builds. */
class KustomizeImagesTest {
    private static final Path BASE = Path.of("../deploy/kustomize/base");

    private static List<Map<?, ?>> podSpecs() throws IOException {
        List<Map<?, ?>> specs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(BASE)) {
            for (Path file :
                    files.filter(each -> each.endsWith("deployment.yaml")).toList()) {
                Object tree = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
                specs.add(map(map(map(tree, "spec"), "template"), "spec"));
            }
        }
        return specs;
    }

    private static Map<?, ?> map(Object tree, String key) {
        return (Map<?, ?>) value(tree, key);
    }

    private static Object value(Object tree, String key) {
        return java.util.Objects.requireNonNull(((Map<?, ?>) tree).get(key), key);
    }

    private static List<Map<?, ?>> containers(Map<?, ?> spec) {
        return ((List<?>) value(spec, "containers"))
                .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
    }

    @Test
    void everyImageThatIsNamedIsBuiltAndNoOther() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        for (Map<?, ?> spec : podSpecs()) {
            containers(spec).forEach(each -> named.add(value(each, "image").toString()));
        }
        named.add(ProxyContainer.DEFAULT.images().init());

        assertThat(ImagePlans.names().stream().map(name -> ImagePlans.PREFIX + "/" + name + ":0.1.0"))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    /** So the entry point of the image is what runs. */
    @Test
    void noDeploymentSaysHowItsImageStarts() throws IOException {
        for (Map<?, ?> spec : podSpecs()) {
            assertThat(containers(spec))
                    .allSatisfy(each -> assertThat(each.keySet().stream().map(Object::toString))
                            .doesNotContain("command", "args", "workingDir"));
        }
    }

    @Test
    void theUserIsTheDeployments(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        String user = ImagePlans.of("pilot", new ImagePlans.Sources(Checkout.create(folder, "pilot"), () -> folder))
                .run()
                .user();
        for (Map<?, ?> spec : podSpecs()) {
            Map<?, ?> context = map(spec, "securityContext");
            assertThat(value(context, "runAsUser") + ":" + value(context, "runAsGroup"))
                    .isEqualTo(user);
        }
    }
}
