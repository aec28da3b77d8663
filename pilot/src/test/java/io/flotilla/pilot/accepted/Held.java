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
    private String dump = "";
    private EnvoyResources compared = EnvoyResources.NONE;
    private List<String> differences = List.of("no dump");

    Held(ConfinedEnvoy envoy) {
        this.envoy = envoy;
    }

    /** What is not as it was sent, as "flotilla proxy-status POD" would tell it; empty where all is. */
    List<String> differences(EnvoyResources sent) throws IOException {
        String now = envoy.admin("/config_dump?include_eds");
        // To read a dump is most of the work, and while an Envoy waits it says the same again.
        if (!now.equals(dump) || !sent.equals(compared)) {
            differences = now.isEmpty() ? List.of("no dump") : differences(sent, now);
            dump = now;
            compared = sent;
        }
        return differences;
    }

    private static List<String> differences(EnvoyResources sent, String dump) throws IOException {
        // What warms is held as well: this mesh's secrets never come.
        return Comparison.between(ConfigDump.of(sent), ConfigDump.parse(dump)).stream()
                .filter(difference -> difference.kind() != Difference.Kind.WARMING)
                .map(Difference::toString)
                .toList();
    }
}
