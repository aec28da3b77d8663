package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the index says of rules is what a look at each of them says, also after other states of some. */
class RankedRulesTest {
    private static final int EDITS = 300;
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "a.x.svc.cluster.local",
            "b.y.svc.cluster.local",
            "a.corp",
            "b.corp",
            "*.corp",
            "*",
            "*.x.svc.cluster.local");
    private static final List<String> HOSTS = List.of(
            "a.x.svc.cluster.local",
            "b.x.svc.cluster.local",
            "a.y.svc.cluster.local",
            "b.corp",
            "c.corp",
            "*.corp",
            "c.org");

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private Config<VirtualService> rule(ObjectKey key, List<String> hosts) {
        HTTPMatchRequest.Builder match = HTTPMatchRequest.newBuilder();
        if (random.nextInt(4) == 0) {
            match.putSourceLabels("label" + random.nextInt(4), "v");
        }
        return new Config<>(
                key,
                VirtualService.newBuilder()
                        .addAllHosts(hosts)
                        .addHttp(HTTPRoute.newBuilder()
                                .setName("n" + random.nextInt())
                                .addMatch(match))
                        .build(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                "v",
                Origin.NONE);
    }

    private List<Config<VirtualService>> someRules() {
        List<Config<VirtualService>> rules = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            List<String> hosts = new ArrayList<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                hosts.add(NAMES.get(random.nextInt(NAMES.size())));
            }
            rules.add(rule(ObjectKey.of(Kind.VIRTUAL_SERVICE, random.nextBoolean() ? "x" : "y", "r" + i), hosts));
        }
        return rules;
    }

    private static boolean isFor(Config<VirtualService> rule, String host) {
        return rule.spec().getHostsList().stream()
                .map(name -> Hostnames.resolve(name, rule.namespace(), "cluster.local"))
                .anyMatch(pattern -> Hostnames.subsetOf(host, pattern));
    }

    @Test
    void itSaysWhatALookAtEachSays() {
        List<Config<VirtualService>> rules = someRules();
        RankedRules ranked = new RankedRules(rules, "cluster.local");
        for (int i = 0; i < EDITS; i++) {
            if (i % 50 == 49) {
                rules = someRules();
                ranked = new RankedRules(rules, "cluster.local");
            }
            int at = random.nextInt(rules.size());
            Config<VirtualService> other =
                    rule(rules.get(at).key(), rules.get(at).spec().getHostsList());
            rules.set(at, other);
            ranked = ranked.with(List.of(other));
            check("seed %d, edit %d".formatted(seed, i), rules, ranked);
        }
    }

    private void check(String where, List<Config<VirtualService>> rules, RankedRules ranked) {
        assertThat(ranked.all()).as(where).isEqualTo(rules);
        for (String host : HOSTS) {
            assertThat(ranked.about(host))
                    .as("%s, %s", where, host)
                    .isEqualTo(rules.stream().filter(rule -> isFor(rule, host)).toList());
        }
        Set<ObjectKey> keys = new HashSet<>(Set.of(ObjectKey.of(Kind.VIRTUAL_SERVICE, "x", "none")));
        rules.stream().filter(rule -> random.nextInt(5) == 0).forEach(rule -> keys.add(rule.key()));
        assertThat(ranked.of(keys))
                .as(where)
                .isEqualTo(
                        rules.stream().filter(rule -> keys.contains(rule.key())).toList());
        Set<String> labels = new TreeSet<>();
        rules.forEach(rule -> rule.spec()
                .getHttpList()
                .forEach(route -> route.getMatchList()
                        .forEach(match ->
                                labels.addAll(match.getSourceLabelsMap().keySet()))));
        assertThat(ranked.callerLabels()).as(where).isEqualTo(labels);
    }
}
