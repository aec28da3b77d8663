package io.flotilla.pilot.accepted;

import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.dump.Comparison;
import io.flotilla.envoy.dump.ConfigDump;
import io.flotilla.envoy.dump.Difference;
import java.io.IOException;
import java.util.List;

/** What an Envoy's configuration dump says that it holds. */
final class Held {
    private final ConfinedEnvoy envoy;

    Held(ConfinedEnvoy envoy) {
        this.envoy = envoy;
    }

    /** What is not as it was sent, as "flotilla proxy-status POD" would tell it; empty where all is. */
    List<String> differences(EnvoyResources sent) throws IOException {
        String dump = envoy.admin("/config_dump?include_eds");
        if (dump.isEmpty()) {
            return List.of("no dump");
        }
        // What warms is held as well: this mesh's secrets never come.
        return Comparison.between(ConfigDump.of(sent), ConfigDump.parse(dump)).stream()
                .filter(difference -> difference.kind() != Difference.Kind.WARMING)
                .map(Difference::toString)
                .toList();
    }
}
