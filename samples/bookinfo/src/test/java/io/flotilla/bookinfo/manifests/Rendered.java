package io.flotilla.bookinfo.manifests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What {@code kubectl kustomize} makes of a folder. */
record Rendered(List<Manifest> objects) {
    private static final Path OVERLAYS = ManifestsTest.SAMPLES.resolveSibling("deploy/kustomize/overlays");
    static final Path COMPONENTS = OVERLAYS.resolveSibling("components");

    static Rendered overlay(String name) throws IOException, InterruptedException {
        return folder(OVERLAYS.resolve(name));
    }

    /** The demo with a component of ours, as the component's user writes it. */
    static Rendered demoWith(Path scratch, String component) throws IOException, InterruptedException {
        Path here = scratch.toRealPath();
        Files.writeString(here.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%s]
                components: [%s]
                """.formatted(
                        here.relativize(OVERLAYS.resolve("demo").toRealPath()),
                        here.relativize(COMPONENTS.resolve(component).toRealPath())));
        return folder(here);
    }

    private static Rendered folder(Path folder) throws IOException, InterruptedException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("no kubectl on PATH to render with; any version from 1.27 on will do");
            throw e;
        }
        String out = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kubectl.waitFor() != 0) {
            throw new AssertionError(folder + " does not render: " + out);
        }
        return new Rendered(Manifest.parse(out));
    }

    Stream<Manifest> all(String kind) {
        return objects.stream().filter(object -> object.kind().equals(kind));
    }

    Manifest one(String kind, String name) {
        return all(kind)
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }
}
