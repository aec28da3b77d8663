package io.flotilla.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A built checkout in small: services whose jars are words. */
final class Checkout {
    private Checkout() {}

    static Path create(Path home, String... services) throws IOException {
        for (String service : services) {
            Path app = home.resolve(service).resolve("target/quarkus-app");
            Files.createDirectories(app.resolve("lib"));
            Files.writeString(app.resolve("quarkus-run.jar"), "run " + service);
            Files.writeString(app.resolve("lib/org.other.other-1.jar"), "other");
            Files.writeString(app.resolve("lib/io.flotilla.flotilla-core-api-1.jar"), "api");
            // Of the JVM that ran it here.
            Files.writeString(app.resolve("classes.jsa"), "archive");
            Files.writeString(app.resolve("lib/classes.jsa"), "archive");
        }
        return home;
    }
}
