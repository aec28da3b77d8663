package io.flotilla.pilot.world;

import java.io.IOException;
import java.net.URI;
import org.eclipse.microprofile.config.ConfigProvider;

/** A Galley and a Citadel around the Pilot of a test. */
public final class World implements AutoCloseable {
    private final TestGalley galley;
    private final TestCitadel citadel;

    public World() throws IOException {
        galley = new TestGalley(URI.create(ConfigProvider.getConfig().getValue("flotilla.config", String.class))
                .getPort());
        galley.start();
        citadel = new TestCitadel();
    }

    public TestGalley galley() {
        return galley;
    }

    public TestCitadel citadel() {
        return citadel;
    }

    /** What an Envoy is connected to. */
    public RealEnvoy.ControlPlane controlPlane(boolean delta) {
        int pilot = ConfigProvider.getConfig().getValue("flotilla.port", Integer.class);
        return new RealEnvoy.ControlPlane(pilot, citadel.port(), delta);
    }

    @Override
    public void close() {
        galley.close();
        citadel.close();
    }
}
