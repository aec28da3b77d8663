package io.flotilla.mesh.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JavaOptionsTest {
    @ParameterizedTest
    @EnumSource(ControlService.class)
    void containersRunAsIsSaidHere(ControlService service) throws IOException {
        String deployment = Files.readString(Path.of("../deploy/kustomize/base", service.module(), "deployment.yaml"));

        assertThat(setting(deployment, "JAVA_TOOL_OPTIONS"))
                .isEqualTo(String.join(" ", JavaOptions.container(service)));
        assertThat(setting(deployment, JavaOptions.ARENAS)).isEqualTo(JavaOptions.ARENAS_VALUE);
    }

    private static String setting(String deployment, String name) {
        return Arrays.stream(deployment
                        .substring(Math.max(0, deployment.indexOf("- name: " + name)))
                        .split("\n", 3))
                .filter(line -> line.strip().startsWith("value: "))
                .map(line -> line.strip().substring("value: ".length()).replace("\"", ""))
                .findFirst()
                .orElse("");
    }
}
