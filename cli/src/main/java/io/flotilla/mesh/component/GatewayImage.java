package io.flotilla.mesh.component;

import io.flotilla.mesh.pod.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The gateway service as an image that every local mesh has. */
public final class GatewayImage {
    private static final int HEAP_MEGABYTES = 48;

    public static final Images IMAGES =
            new Images(List.of(new Images.Entry("flotilla/gateway:*", command(), Map.of())));

    private GatewayImage() {}

    private static List<String> command() {
        List<String> command = new ArrayList<>(List.of("${JAVA}"));
        command.addAll(JavaOptions.small(HEAP_MEGABYTES));
        command.addAll(List.of("-jar", "${FLOTILLA_HOME}/gateway/target/quarkus-app/quarkus-run.jar"));
        return command;
    }
}
