package io.flotilla.bookinfo.manifests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What {@code kubectl kustomize} makes of an overlay. */
record Rendered(List<Manifest> objects) {
    private static final Path OVERLAYS = ManifestsTest.SAMPLES.resolveSibling("deploy/kustomize/overlays");

    static Rendered overlay(String name) throws IOException, InterruptedException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder(
                            "kubectl", "kustomize", OVERLAYS.resolve(name).toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("no kubectl on PATH to render with; any version from 1.27 on will do");
            throw e;
        }
        String out = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kubectl.waitFor() != 0) {
            throw new AssertionError("overlay " + name + " does not render: " + out);
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
