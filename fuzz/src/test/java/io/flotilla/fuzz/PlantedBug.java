package io.flotilla.fuzz;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.nio.charset.StandardCharsets;

/** Reads as {@link ConfigTarget} does, with a mistake of ours: more than two attempts break it. */
public final class PlantedBug {
    private PlantedBug() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        new ObjectReader(ReadOptions.DEFAULT).read("f.yaml", text).objects().forEach(PlantedBug::look);
    }

    private static void look(ParsedObject object) {
        if (object.valid() && object.config().spec() instanceof VirtualService rule) {
            rule.getHttpList().forEach(PlantedBug::look);
        }
    }

    private static void look(HTTPRoute route) {
        if (route.getRetries().getAttempts() > 2) {
            throw new IllegalStateException("planted");
        }
    }
}
