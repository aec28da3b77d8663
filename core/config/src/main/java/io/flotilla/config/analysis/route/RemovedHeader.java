package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A match on a header that a rule on the way has taken away. */
final class RemovedHeader implements Check {
    private static final Entry REMOVED =
            Entry.warning("FA0219", "a match asks for a header that an earlier rule removes", """
            Requests reach this rule through another one that removes the header from them, so the match can never be
            fulfilled on that way and another rule takes the requests. Match before the header is removed, remove it
            only at the last rule, or match on something else.""");

    @Override
    public List<Entry> entries() {
        return List.of(REMOVED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        CallGraph graph = CallGraph.of(mesh);
        for (CallGraph.Rule first : graph.first()) {
            Set<String> removed = removed(first.route());
            if (!removed.isEmpty()) {
                for (CallGraph.Rule next : graph.after(first)) {
                    check(first, removed, next, findings);
                }
            }
        }
    }

    /** Headers that no destination of the rule gets. */
    private static Set<String> removed(HTTPRoute route) {
        Set<String> removed = lower(route.getHeaders().getRequest().getRemoveList());
        removed.addAll(lower(oldForm(route)));
        Set<String> everywhere = new TreeSet<>();
        for (int i = 0; i < route.getRouteCount(); i++) {
            Set<String> here = lower(route.getRoute(i).getHeaders().getRequest().getRemoveList());
            if (i == 0) {
                everywhere.addAll(here);
            } else {
                everywhere.retainAll(here);
            }
        }
        removed.addAll(everywhere);
        removed.removeAll(lower(route.getHeaders().getRequest().getSetMap().keySet()));
        removed.removeAll(lower(route.getHeaders().getRequest().getAddMap().keySet()));
        return removed;
    }

    @SuppressWarnings("deprecation") // what old manifests have
    private static List<String> oldForm(HTTPRoute route) {
        return route.getRemoveRequestHeadersList();
    }

    private static Set<String> lower(Collection<String> names) {
        return names.stream().map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void check(CallGraph.Rule first, Set<String> removed, CallGraph.Rule next, Findings findings) {
        for (int i = 0; i < next.route().getMatchCount(); i++) {
            for (String name : next.route().getMatch(i).getHeadersMap().keySet()) {
                if (removed.contains(name.toLowerCase(Locale.ROOT))) {
                    findings.report(
                            REMOVED,
                            next.service(),
                            next.at().field("match").item(i).field("headers").field(name),
                            first.service().key() + " " + first.at() + " removes header \"" + name
                                    + "\" from the requests that it sends here");
                }
            }
        }
    }
}
