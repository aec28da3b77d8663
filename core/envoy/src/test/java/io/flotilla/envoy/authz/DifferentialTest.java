package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.model.Clause;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.jwt.TokenFilter;
import io.flotilla.envoy.wasm.Plugins;
import io.flotilla.policy.Attempt;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.Decider;
import io.flotilla.policy.Protection;
import io.flotilla.policy.Token;
import io.flotilla.policy.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 pairs of policies and requests: a real Envoy with what translation makes of the policies, a judge who knows only
 * what their fields mean, and the product's own evaluator must agree, the last also about the status of a refusal. A
 * third of the sets are roles of 1.1; two of five requests bring a token; every way to normalise paths has its share. "-Dflotilla.seed" repeats a run.
 */
class DifferentialTest {
    private static final int SETS = 500;
    private static final int REQUESTS = 20;
    private static final int OK = 200;
    private static final List<NormalizationType> PATHS = List.of(
            NormalizationType.BASE,
            NormalizationType.NONE,
            NormalizationType.MERGE_SLASHES,
            NormalizationType.DECODE_AND_MERGE_SLASHES);

    @TempDir
    private Path scratch;

    @Test
    void envoyTheJudgeAndTheEvaluatorAgree() throws IOException, GeneralSecurityException {
        long seed = Long.getLong("flotilla.seed", System.nanoTime());
        System.out.println("DifferentialTest: -Dflotilla.seed=" + seed);
        Generated generated = new Generated(seed);
        TokenPolicy tokens = new TokenPolicy.Current(generated.rules());
        List<PolicySet> sets = new ArrayList<>();
        List<Bench.Case> cases = new ArrayList<>();
        for (int i = 0; i < SETS; i++) {
            sets.add(generated.set());
            cases.add(new Bench.Case(
                    PATHS.get(i % PATHS.size()), translated(sets.get(i).read())));
        }
        List<String> wrong = new ArrayList<>();
        OddRequests odd = new OddRequests();
        int refused = 0;
        try (Bench bench = new Bench(cases, TokenFilter.of(tokens), scratch)) {
            for (int i = 0; i < SETS; i++) {
                Protection protection =
                        protection(sets.get(i).read(), tokens, cases.get(i).paths());
                for (int k = 0; k < REQUESTS; k++) {
                    Asked asked = generated.request().under(cases.get(i).paths());
                    odd.count(asked);
                    int status = bench.status(i, asked);
                    boolean permitted = sets.get(i).permits(asked);
                    Verdict verdict = Decider.decide(protection, attempt(asked));
                    refused += permitted ? 0 : 1;
                    // A bad token may be wrong in more than one way; which of them Envoy tells is no matter of policy.
                    boolean bad =
                            !asked.bearer().sent().isEmpty() && !asked.bearer().good();
                    boolean same = bad ? status >= 400 && status(verdict) >= 400 : status == status(verdict);
                    if ((status == OK) != permitted || !same) {
                        wrong.add("Envoy " + status + ", judge " + permitted + ", evaluator " + verdict + "\nfor "
                                + asked + "\nof " + sets.get(i));
                    }
                }
            }
        }
        System.out.println("DifferentialTest: " + SETS * REQUESTS + " pairs, " + refused + " refused; " + odd.counts());
        assertThat(wrong.stream().limit(3))
                .as(wrong.size() + " of seed " + seed)
                .isEmpty();
        assertThat(refused).as("refused, seed " + seed).isBetween(SETS * REQUESTS * 3 / 10, SETS * REQUESTS * 9 / 10);
        // Each comes some dozens of times at least: one that is missing is not made any more.
        assertThat(odd.counts())
                .allSatisfy((kind, count) -> assertThat(count).as(kind).isPositive());
    }

    private static int status(Verdict verdict) {
        return verdict.answer() == Verdict.Answer.ALLOWED ? OK : verdict.status();
    }

    private static List<RBAC> translated(Authorization authorization) throws InvalidProtocolBufferException {
        Guards guards = new Guards(TokenPolicy.NONE, authorization, List.of(), NormalizationType.BASE, Plugins.NONE);
        List<RBAC> filters = new ArrayList<>();
        for (var filter : guards.http()) {
            filters.add(filter.getTypedConfig().unpack(RBAC.class));
        }
        return filters;
    }

    private static Protection protection(Authorization authorization, TokenPolicy tokens, NormalizationType paths) {
        return new Protection(
                new Protection.Port(0, Protocol.HTTP, true, Optional.empty()),
                new Protection.Tokens(tokens, List.<Clause>of()),
                authorization,
                List.of(),
                paths,
                List.of());
    }

    private static Attempt attempt(Asked asked) {
        String identity = asked.identity() == null ? "" : asked.identity();
        Bearer bearer = asked.bearer();
        Token token = bearer.sent().isEmpty()
                ? new Token.Missing()
                : bearer.good() ? new Token.Genuine(Bearer.struct(bearer.claims())) : new Token.Bad("");
        return Attempt.request(
                new Caller(identity, "", Optional.empty(), "127.0.0.1", asked.client()),
                new Attempt.Request(asked.method(), asked.host(), asked.path(), Map.of("X-A", asked.values()), token));
    }
}
