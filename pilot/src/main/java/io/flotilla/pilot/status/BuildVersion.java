package io.flotilla.pilot.status;

import org.eclipse.microprofile.config.ConfigProvider;

/** Which version of Pilot runs. */
public final class BuildVersion {
    private BuildVersion() {}

    /** As it was built. */
    public static String text() {
        return ConfigProvider.getConfig()
                .getOptionalValue("quarkus.application.version", String.class)
                .orElse("unknown");
    }
}
