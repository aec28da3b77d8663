package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What some hosts became takes the place of what they were, and only that. */
class ReplacedTest {
    private static final int HOSTS = 400;
    private static final String[] SUBSETS = {"", "", "v1", "v2", "canary"};

    private record Named(String name, int content) {}

    private final Random random = new Random(7);
    private int content;

    private String host() {
        int number = random.nextInt(HOSTS);
        // One that ends as another does.
        return (random.nextInt(10) == 0 ? "a." : "") + "h" + number + ".example";
    }

    private List<Named> of(String host) {
        List<Named> made = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            made.add(named(host, SUBSETS[random.nextInt(SUBSETS.length)]));
        }
        if (random.nextInt(20) == 0) {
            made.add(named(host, "own" + random.nextInt(50)));
        }
        return made;
    }

    private Named named(String host, String subset) {
        String name = random.nextInt(30) == 0
                ? host
                : "outbound|" + (random.nextBoolean() ? 80 : 443) + "|" + subset + "|" + host;
        return new Named(name, content++);
    }

    /** As it is said, resource by resource. */
    private static List<Named> plainly(List<Named> before, Set<String> hosts, List<Named> others) {
        TreeMap<String, Named> after = new TreeMap<>();
        for (Named each : before) {
            if (!hosts.contains(each.name().substring(each.name().lastIndexOf('|') + 1))) {
                after.put(each.name(), each);
            }
        }
        TreeMap<String, Named> made = new TreeMap<>();
        others.forEach(each -> made.putIfAbsent(each.name(), each));
        after.putAll(made);
        return List.copyOf(after.values());
    }

    @Test
    void isWhatAPlainLookAtAllOfThemGives() {
        List<Named> all = EnvoyResources.sorted(List.of(), Named::name);
        int longest = 0;
        for (int step = 0; step < 3_000; step++) {
            Set<String> hosts = new TreeSet<>();
            List<Named> others = new ArrayList<>();
            // Mostly few, which are looked up; at times many, for which all are looked through.
            for (int i = random.nextInt(20) == 0 ? 60 : 1 + random.nextInt(2); i > 0; i--) {
                String host = host();
                if (hosts.add(host)) {
                    others.addAll(of(host));
                }
            }
            List<Named> expected = plainly(all, hosts, others);
            List<Named> after = EnvoyResources.replaced(all, hosts, others, Named::name);
            assertThat(after).as("step " + step).isEqualTo(expected);
            assertThat(EnvoyResources.replaced(after, hosts, others, Named::name))
                    .as("step " + step + " again")
                    .isSameAs(after);
            all = after;
            longest = Math.max(longest, all.size());
        }
        assertThat(longest).isGreaterThan(500);
    }
}
