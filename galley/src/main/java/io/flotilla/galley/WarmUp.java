package io.flotilla.galley;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes the way of a change with an example of each kind, so that the first real change finds every class loaded. */
final class WarmUp {
    private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final String EXAMPLE = "warm-up.yaml";
    private static final int ROUNDS = 20;

    private WarmUp() {}

    static void run() {
        try (InputStream in = WarmUp.class.getClassLoader().getResourceAsStream(EXAMPLE)) {
            if (in == null) {
                throw new IOException("no " + EXAMPLE);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Publisher scratch = new Publisher(
                    Set.of(SourceName.DIRECTORY),
                    ReadOptions.DEFAULT,
                    RegistryOptions.DEFAULT,
                    "istio-system",
                    System::currentTimeMillis);
            for (int i = 0; i < ROUNDS; i++) {
                scratch.apply(
                        SourceName.DIRECTORY, Map.of(EXAMPLE, Optional.of(text.replace("10s", "1" + i + "s"))), true);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not warmed up: {0}", e.getMessage());
        }
    }
}
