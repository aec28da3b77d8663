package io.flotilla.pilot.world;

import io.flotilla.fixtures.base.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Beside {@link FreePorts} the TLS port, and where Pilot looks for Citadel: the test starts that itself, later. */
public final class SecurePorts implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(new FreePorts().start());
        Path state = Path.of(settings.get("flotilla.state-dir"));
        settings.put("flotilla.tls-port", Integer.toString(FreePort.next()));
        settings.put("flotilla.identity.citadel", "127.0.0.1:" + FreePort.next());
        settings.put(
                "flotilla.identity.token-file",
                state.resolveSibling(state.getFileName() + "-token").toString());
        settings.put(
                "flotilla.identity.root-file",
                state.resolveSibling(state.getFileName() + "-root.pem").toString());
        return settings;
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
