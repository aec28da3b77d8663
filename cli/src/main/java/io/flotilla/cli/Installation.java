package io.flotilla.cli;

import java.nio.file.Path;

/** Where this command and the services that it starts are. */
public final class Installation {
    private Installation() {}

    /** The checkout. */
    public static Path home() {
        String home = System.getProperty("flotilla.home", "");
        if (home.isEmpty()) {
            throw CommandFailure.couldNotRun("start this command by the flotilla launcher (flotilla.home is not set)");
        }
        return Path.of(home);
    }

    /** The JDK that runs this command runs its children. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    public static Path serviceJar(String service) {
        return home().resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
