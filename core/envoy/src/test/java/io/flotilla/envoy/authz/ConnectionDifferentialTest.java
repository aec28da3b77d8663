package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.wasm.Plugins;
import io.flotilla.policy.Attempt;
import io.flotilla.policy.Decider;
import io.flotilla.policy.Protection;
import io.flotilla.policy.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pairs of policies and connections that are not HTTP: a real Envoy with what translation makes of the policies, a judge
 * who knows only what their fields mean, and the product's own evaluator must agree. "-Dflotilla.seed" repeats a run.
 */
class ConnectionDifferentialTest {
    private static final int SETS = 150;
    private static final int CONNECTIONS = 8;

    @TempDir
    private Path scratch;

    @Test
    void envoyTheJudgeAndTheEvaluatorAgree() throws IOException {
        long seed = Long.getLong("flotilla.seed", System.nanoTime());
        System.out.println("ConnectionDifferentialTest: -Dflotilla.seed=" + seed);
        GeneratedConnections generated = new GeneratedConnections(seed);
        List<PolicySet.Current> sets = new ArrayList<>();
        List<List<Filter>> filters = new ArrayList<>();
        for (int i = 0; i < SETS; i++) {
            sets.add(new PolicySet.Current(generated.policies()));
            filters.add(
                    new Guards(TokenPolicy.NONE, sets.get(i).read(), List.of(), NormalizationType.BASE, Plugins.NONE)
                            .tcp(false));
        }
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        try (ConnectionBench bench = new ConnectionBench(filters, scratch)) {
            for (int i = 0; i < SETS; i++) {
                for (int k = 0; k < CONNECTIONS; k++) {
                    Connected connected = generated.connection();
                    boolean envoy = bench.permits(i, connected);
                    boolean judge = ConnectionJudge.permits(sets.get(i).policies(), PolicySet.NAMESPACE, connected);
                    Verdict verdict = evaluated(sets.get(i).read(), connected);
                    refused += judge ? 0 : 1;
                    if (envoy != judge || envoy != (verdict.answer() == Verdict.Answer.ALLOWED)) {
                        wrong.add("Envoy " + envoy + ", judge " + judge + ", evaluator " + verdict + "\nfor "
                                + connected + "\nof " + sets.get(i));
                    }
                }
            }
        }
        assertThat(wrong.stream().limit(3))
                .as(wrong.size() + " of seed " + seed)
                .isEmpty();
        assertThat(refused)
                .as("refused, seed " + seed)
                .isBetween(SETS * CONNECTIONS * 3 / 10, SETS * CONNECTIONS * 9 / 10);
    }

    private static Verdict evaluated(Authorization authorization, Connected connected) {
        Protection protection = new Protection(
                new Protection.Port(connected.port(), Protocol.TCP, true, Optional.empty()),
                Protection.Tokens.NONE,
                authorization,
                List.of(),
                NormalizationType.BASE,
                List.of());
        String identity = connected.identity() == null ? "" : connected.identity();
        return Decider.decide(
                protection,
                new Attempt(
                        new Attempt.Caller(identity, "", Optional.empty(), connected.source(), connected.client()),
                        new Attempt.Target(connected.target(), connected.sni()),
                        Optional.empty()));
    }
}
