package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.CurrentPolicies;
import io.flotilla.config.authorization.TrustDomains;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.wasm.Plugins;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 pairs of policies and requests: a real Envoy with what translation makes of the policies, and a judge who knows
 * only what their fields mean, must agree. "-Dflotilla.seed" repeats a run.
 */
class DifferentialTest {
    private static final int SETS = 500;
    private static final int REQUESTS = 20;
    private static final String NAMESPACE = "foo";

    @TempDir
    private Path scratch;

    @Test
    void envoyDecidesAsTheFieldsSay() throws IOException {
        long seed = Long.getLong("flotilla.seed", System.nanoTime());
        System.out.println("DifferentialTest: -Dflotilla.seed=" + seed);
        Generated generated = new Generated(seed);
        List<List<AuthorizationPolicy>> sets = new ArrayList<>();
        List<List<RBAC>> filters = new ArrayList<>();
        for (int i = 0; i < SETS; i++) {
            sets.add(generated.policies());
            filters.add(translated(sets.get(i)));
        }
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        HttpConnectionManager manager =
                HttpConnectionManager.newBuilder().setNormalizePath(Wire.yes()).build();
        try (Bench bench = new Bench(filters, manager, scratch)) {
            for (int i = 0; i < SETS; i++) {
                for (int k = 0; k < REQUESTS; k++) {
                    Asked asked = generated.request();
                    int status = bench.status(i, asked);
                    boolean permitted = Judge.permits(sets.get(i), NAMESPACE, asked);
                    refused += permitted ? 0 : 1;
                    if ((status == 200) != permitted) {
                        wrong.add(status + " for " + asked + " of " + sets.get(i));
                    }
                }
            }
        }
        assertThat(wrong.stream().limit(5))
                .as(wrong.size() + " of seed " + seed)
                .isEmpty();
        assertThat(refused).as("refused, seed " + seed).isBetween(SETS * REQUESTS * 3 / 10, SETS * REQUESTS * 9 / 10);
    }

    private static List<RBAC> translated(List<AuthorizationPolicy> policies) throws InvalidProtocolBufferException {
        CurrentPolicies reader = new CurrentPolicies(new TrustDomains("cluster.local", List.of()));
        List<AccessPolicy> read = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            read.add(reader.read(new Config<>(
                    ObjectKey.of(Kind.AUTHORIZATION_POLICY, NAMESPACE, "p" + i),
                    policies.get(i),
                    Map.of(),
                    Map.of(),
                    Instant.EPOCH,
                    "",
                    new Origin("", 0))));
        }
        Guards guards =
                new Guards(TokenPolicy.NONE, new Authorization(read), List.of(), NormalizationType.BASE, Plugins.NONE);
        List<RBAC> filters = new ArrayList<>();
        for (var filter : guards.http()) {
            filters.add(filter.getTypedConfig().unpack(RBAC.class));
        }
        return filters;
    }
}
