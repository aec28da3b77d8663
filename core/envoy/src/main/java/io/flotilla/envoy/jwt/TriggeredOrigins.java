package io.flotilla.envoy.jwt;

import com.google.protobuf.Empty;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenPolicy.PathPattern;
import io.flotilla.config.authentication.TokenPolicy.Trigger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Origins of 1.1, each asked for on paths of its own, as rules of which Envoy takes the first that matches: one for each
 * set of origins that a path can trigger together, larger sets first. Where no rule matches, no token is asked for.
 */
final class TriggeredOrigins {
    /** Rules for one policy. Where it would take more, all origins count on every path. */
    static final int MOST = 128;

    // What may follow a path. Envoy's :path has the query string; a fragment it refuses or cuts off.
    private static final String END = "(?:[?#]\\C*)?";

    private TriggeredOrigins() {}

    static List<RequirementRule> rules(TokenPolicy.Classic policy) {
        Map<List<Trigger>, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < policy.origins().size(); i++) {
            groups.computeIfAbsent(policy.origins().get(i).triggers(), triggers -> new ArrayList<>())
                    .add(i);
        }
        if (groups.keySet().stream()
                        .mapToDouble(triggers -> Math.max(1, triggers.size()) + 1)
                        .reduce(1, (a, b) -> a * b)
                > MOST) {
            groups = Map.of(
                    List.of(),
                    IntStream.range(0, policy.origins().size()).boxed().toList());
        }
        List<Map.Entry<List<Trigger>, List<Integer>>> each = List.copyOf(groups.entrySet());
        return IntStream.range(1, 1 << each.size())
                .boxed()
                .sorted(Comparator.comparing((Integer set) -> -Integer.bitCount(set))
                        .thenComparing(set -> set))
                .flatMap(set -> together(
                        IntStream.range(0, each.size())
                                .filter(i -> (set & 1 << i) != 0)
                                .mapToObj(each::get)
                                .toList(),
                        policy.optional())
                        .stream())
                .toList();
    }

    /** The rules for paths that trigger all of these groups: one for each way in which they can. */
    private static List<RequirementRule> together(
            List<Map.Entry<List<Trigger>, List<Integer>>> groups, boolean optional) {
        List<JwtRequirement> good = new ArrayList<>(groups.stream()
                .flatMap(group -> group.getValue().stream())
                .sorted()
                .map(TokenFilter::by)
                .toList());
        if (optional) {
            good.add(JwtRequirement.newBuilder()
                    .setAllowMissingOrFailed(Empty.getDefaultInstance())
                    .build());
        }
        List<List<HeaderMatcher>> ways = List.of(List.of());
        for (Map.Entry<List<Trigger>, List<Integer>> group : groups) {
            ways = product(ways, ways(group.getKey()));
        }
        return ways.stream()
                .map(way -> RequirementRule.newBuilder()
                        .setMatch(TokenFilter.everywhere().toBuilder().addAllHeaders(way))
                        .setRequires(TokenFilter.any(good))
                        .build())
                .toList();
    }

    private static List<List<HeaderMatcher>> product(List<List<HeaderMatcher>> left, List<List<HeaderMatcher>> right) {
        List<List<HeaderMatcher>> all = new ArrayList<>();
        for (List<HeaderMatcher> one : left) {
            for (List<HeaderMatcher> other : right) {
                List<HeaderMatcher> both = new ArrayList<>(one);
                both.addAll(other);
                all.add(both);
            }
        }
        return all;
    }

    private static List<List<HeaderMatcher>> ways(List<Trigger> triggers) {
        return triggers.isEmpty()
                ? List.of(List.of())
                : triggers.stream().map(TriggeredOrigins::way).toList();
    }

    private static List<HeaderMatcher> way(Trigger trigger) {
        List<HeaderMatcher> conditions = new ArrayList<>();
        if (!trigger.excluded().isEmpty()) {
            conditions.add(path(trigger.excluded()).setInvertMatch(true).build());
        }
        if (!trigger.included().isEmpty()) {
            conditions.add(path(trigger.included()).build());
        }
        return conditions;
    }

    private static HeaderMatcher.Builder path(List<PathPattern> patterns) {
        String regex =
                String.join("|", patterns.stream().map(TriggeredOrigins::regex).toList());
        return HeaderMatcher.newBuilder()
                .setName(":path")
                .setStringMatch(StringMatcher.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex)));
    }

    private static String regex(PathPattern pattern) {
        return switch (pattern) {
            case PathPattern.Exact(String path) -> quoted(path) + END;
            case PathPattern.Prefix(String prefix) -> quoted(prefix) + "\\C*";
            case PathPattern.Suffix(String suffix) -> "[^?#]*" + quoted(suffix) + END;
            case PathPattern.Regex(String regex) -> "(?:" + regex + ")" + END;
        };
    }

    // RE2 knows \Q and \E as Java does.
    private static String quoted(String text) {
        return text.isEmpty() ? "" : Pattern.quote(text);
    }
}
