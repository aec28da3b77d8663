package io.flotilla.images;

import io.flotilla.images.ImagePlan.Entry;
import io.flotilla.images.ImagePlan.Layer;
import io.flotilla.images.ImagePlan.Run;
import io.flotilla.injection.InitScript;
import io.flotilla.mesh.component.ControlService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The images of the suite, as deploy/kustomize and the sidecar injector name and start them. */
public final class ImagePlans {
    /** Where their names begin in deploy/kustomize: "flotilla/pilot". */
    public static final String PREFIX = "flotilla";

    static final String GATEWAY = "gateway";
    static final String INIT = "proxy-init";

    private static final String FOLDER = "/opt/flotilla/";
    static final String ENVOY_PATH = FOLDER + "envoy";
    private static final String JAR = "quarkus-run.jar";
    /** The user of deploy/kustomize, who owns nothing. */
    private static final String NOBODY = "65532:65532";

    private static final String ROOT = "0:0";

    private ImagePlans() {}

    /** Of all images, in the order in which they are built. */
    public static List<String> names() {
        return Stream.concat(Stream.of(ControlService.values()).map(ControlService::module), Stream.of(GATEWAY, INIT))
                .toList();
    }

    /**
     * Where the files of images are.
     *
     * @param home  of the installation
     * @param envoy the binary that the gateway starts; asked for by its image alone
     */
    public record Sources(Path home, EnvoySource envoy) {}

    /** Finds Envoy, or installs it. */
    @FunctionalInterface
    public interface EnvoySource {
        Path find() throws IOException;
    }

    /**
     * The plan of one of {@link #names()}.
     *
     * @throws NoSuchFileException where the service is not built
     */
    public static ImagePlan of(String name, Sources sources) throws IOException {
        if (name.equals(INIT)) {
            String about =
                    "Prepares a pod for its sidecar: captures its traffic, writes the files that Envoy starts with";
            return new ImagePlan(name, about, BaseKind.INIT, List.of(), new Run(InitScript.command(), Map.of(), ROOT));
        }
        List<Layer> layers = new ArrayList<>();
        Map<String, String> environment = Map.of();
        if (name.equals(GATEWAY)) {
            layers.add(new Layer("envoy", List.of(new Entry(sources.envoy().find(), ENVOY_PATH, true))));
            environment = Map.of("FLOTILLA_GATEWAY_ENVOY_PATH", ENVOY_PATH);
        }
        layers.addAll(layers(sources.home().resolve(name).resolve("target/quarkus-app")));
        Run run = new Run(List.of("java", "-jar", FOLDER + JAR), environment, NOBODY);
        return new ImagePlan(
                name, "Flotilla's " + name, name.equals(GATEWAY) ? BaseKind.GATEWAY : BaseKind.JAVA, layers, run);
    }

    /** Libraries of others, then what is ours: an edit sends a few megabytes, not all of them. */
    private static List<Layer> layers(Path app) throws IOException {
        List<Entry> others = new ArrayList<>();
        List<Entry> own = new ArrayList<>();
        try (Stream<Path> files = Files.list(app.resolve("lib"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                // An archive of classes beside them is for the JVM of this machine.
                if (name.endsWith(".jar")) {
                    (name.startsWith("io.flotilla.") ? own : others)
                            .add(new Entry(file, FOLDER + "lib/" + name, false));
                }
            }
        }
        Path jar = app.resolve(JAR);
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar.toString());
        }
        own.add(new Entry(jar, FOLDER + JAR, false));
        return List.of(new Layer("libraries", others), new Layer("service", own));
    }
}
