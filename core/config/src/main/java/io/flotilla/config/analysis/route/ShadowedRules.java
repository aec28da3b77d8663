package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rules and matches that no request reaches, since an earlier one takes all of theirs. */
final class ShadowedRules implements Check {
    private static final Entry UNREACHABLE = Entry.warning(
                    "FA0203", "a rule is never reached: earlier rules take all of its requests", """
                    Proxies take the first rule that fits. Every request that this rule would take fits an earlier one,
                    so it never takes effect. Move the narrower rule up, make the earlier one narrower, or delete
                    this one.""")
            .istio("IST0130");
    private static final Entry INEFFECTIVE = Entry.info(
                    "FA0204", "a match adds nothing: an earlier one takes all of its requests", """
                    The alternatives of a rule are joined by "or", and this one takes no request that an earlier
                    alternative, of this rule or of one before it, does not take. The rule works without it: delete
                    the match, or correct it if it was meant to take something else.""")
            .istio("IST0131");

    @Override
    public List<Entry> entries() {
        return List.of(UNREACHABLE, INEFFECTIVE);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            http(service, findings);
            l4(service, L4Match.tls(service.spec()), findings);
            l4(service, L4Match.tcp(service.spec()), findings);
        }
    }

    private static void http(Config<VirtualService> service, Findings findings) {
        EarlierMatches earlier = new EarlierMatches();
        Map<Integer, List<HttpMatch>> byRule = new TreeMap<>();
        HttpMatch.of(service.spec())
                .forEach(match -> byRule.computeIfAbsent(match.rule(), rule -> new ArrayList<>())
                        .add(match));
        byRule.forEach((rule, matches) -> {
            Map<HttpMatch, HttpMatch> covered = new LinkedHashMap<>();
            for (HttpMatch match : matches) {
                earlier.covering(match).ifPresent(by -> covered.put(match, by));
            }
            if (covered.size() == matches.size()) {
                findings.report(
                        UNREACHABLE,
                        service,
                        Paths.item("http", rule),
                        "is never reached: "
                                + covered.values().iterator().next().at() + " takes all of its requests");
            } else {
                inRule(service, matches, covered, findings);
            }
            // What a delegate does not take falls through to later rules.
            if (!service.spec().getHttp(rule).hasDelegate()) {
                matches.forEach(earlier::add);
            }
        });
    }

    private static void inRule(
            Config<VirtualService> service,
            List<HttpMatch> matches,
            Map<HttpMatch, HttpMatch> covered,
            Findings findings) {
        EarlierMatches own = new EarlierMatches();
        for (HttpMatch match : matches) {
            HttpMatch by = covered.containsKey(match)
                    ? covered.get(match)
                    : own.covering(match).orElse(null);
            if (by != null) {
                findings.report(
                        INEFFECTIVE, service, match.at(), "adds nothing: " + by.at() + " takes all of its requests");
            }
            own.add(match);
        }
    }

    private static void l4(Config<VirtualService> service, List<L4Match> matches, Findings findings) {
        Map<Integer, List<L4Match>> byRule = new TreeMap<>();
        matches.forEach(match ->
                byRule.computeIfAbsent(match.rule(), rule -> new ArrayList<>()).add(match));
        List<L4Match> earlier = new ArrayList<>();
        byRule.forEach((rule, alternatives) -> {
            boolean all =
                    alternatives.stream().allMatch(each -> earlier.stream().anyMatch(before -> before.covers(each)));
            if (all && !earlier.isEmpty()) {
                findings.report(
                        UNREACHABLE,
                        service,
                        alternatives.getFirst().rulePath(),
                        "is never reached: earlier rules take all of its connections");
            }
            earlier.addAll(alternatives);
        });
    }
}
