package io.flotilla.envoy.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Passage;
import io.flotilla.envoy.simulation.Prediction;
import java.io.IOException;

/** Whether the simulator said beforehand what a real Envoy did with a request. */
final class Agreement {
    private static final int SWITCHED = 101;

    private Agreement() {}

    /** Of a connection. */
    static void check(Call call, Passage passage, EnvoyResources resources, Logged did) {
        Prediction said = Prediction.of(passage, resources);
        String what = call + ": simulated " + passage.outcome() + ", Envoy " + did;
        assertThat(did.chain()).as(what).isEqualTo(chain(passage));
        if (said.clusters().isEmpty()) {
            assertThat(did.cluster()).as(what).isEmpty();
        } else {
            assertThat(said.clusters()).as(what).contains(did.cluster());
        }
        assertThat(did.flags()).as(what).isEqualTo(said.flags());
    }

    /** Of a request. */
    static void check(Call call, Passage passage, EnvoyResources resources, Reply reply) throws IOException {
        Prediction said = Prediction.of(passage, resources);
        Logged did = reply.logged();
        String what = call + ": simulated " + passage.outcome() + ", Envoy " + did;
        assertThat(did.chain()).as(what).isEqualTo(chain(passage));
        assertThat(did.route()).as(what).isEqualTo(said.route());
        if (said.clusters().isEmpty()) {
            assertThat(did.cluster()).as(what).isEmpty();
        } else {
            assertThat(said.clusters()).as(what).contains(did.cluster());
        }
        // Flags that depend on what servers do come beside those that are certain; those of a connection that has
        // become
        // another tell which side ended it.
        boolean certain = reply.status() < 500 && reply.status() != SWITCHED;
        if (certain || !said.flags().isEmpty()) {
            assertThat(did.flags()).as(what).isEqualTo(said.flags());
        }
        switch (passage.outcome()) {
            case Outcome.Answered(int status, String location) -> {
                assertThat(reply.status()).as(what).isEqualTo(status);
                assertThat(reply.headers().getOrDefault("location", ""))
                        .as(what)
                        .endsWith(location);
            }
            case Outcome.Forwarded(var shares, var path, var fault, var mirror) -> {
                assertThat(did.details()).as(what).isNotEqualTo("upgrade_failed");
                if (!reply.app().isEmpty() && !reply.seenLine().isEmpty()) {
                    assertThat(reply.seenPath()).as(what).isEqualTo(path);
                }
            }
            case Outcome.Tcp tcp -> {}
            case Outcome.Refused refused -> assertThat(reply.status()).as(what).isZero();
        }
    }

    private static String chain(Passage passage) {
        return passage.chain().map(FilterChain::getName).orElse("");
    }
}
