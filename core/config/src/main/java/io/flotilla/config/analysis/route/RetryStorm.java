package io.flotilla.config.analysis.route;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Retries that multiply from service to service. */
final class RetryStorm implements Check {
    /** Of one request at the first rule, what arrives at the last is tolerable up to this. */
    private static final int TOLERABLE = 8;

    private static final int MAX_DEPTH = 12;

    private static final Entry STORM = Entry.warning("FA0217", "retries multiply along a chain of rules", """
            When the last service of a chain fails, each rule on the way repeats its calls, and every repetition is
            repeated again by the rules after it: the tries multiply. One request then becomes many at the very
            service that is in trouble, which keeps it down. Retry at one place of the chain, best next to the service
            that fails, lower attempts at the others, or limit retries with a retry budget or connectionPool.
            http.maxRetries of the DestinationRule.""");

    @Override
    public List<Entry> entries() {
        return List.of(STORM);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        CallGraph graph = CallGraph.of(mesh);
        Map<CallGraph.Rule, Chain> worst = new HashMap<>();
        for (CallGraph.Rule first : graph.first()) {
            Chain chain = worst(first, graph, worst, new HashSet<>(), 0);
            if (chain.tries() > TOLERABLE && tries(first) > 1 && chain.retrying() > 1) {
                findings.report(
                        STORM,
                        first.service(),
                        first.at().field("retries"),
                        "one request may become " + chain.tries() + ": " + chain.text()
                                + "; retry at one of them only");
            }
        }
    }

    /**
     * The worst that may follow.
     *
     * @param tries    of the last for one of the first
     * @param retrying rules on the way that retry
     */
    private record Chain(long tries, int retrying, String text) {}

    private static Chain worst(
            CallGraph.Rule rule,
            CallGraph graph,
            Map<CallGraph.Rule, Chain> known,
            Set<CallGraph.Rule> way,
            int depth) {
        Chain before = known.get(rule);
        if (before != null) {
            return before;
        }
        int own = tries(rule);
        Chain after = new Chain(1, 0, "");
        if (depth < MAX_DEPTH && way.add(rule)) {
            for (CallGraph.Rule next : graph.after(rule)) {
                if (!way.contains(next)) {
                    Chain chain = worst(next, graph, known, way, depth + 1);
                    after = chain.tries() > after.tries() ? chain : after;
                }
            }
            way.remove(rule);
        }
        String text = own + " tries in " + rule.service().key().resourceName() + " " + rule.at();
        Chain chain = new Chain(
                Math.min(own * after.tries(), 1_000_000),
                after.retrying() + (own > 1 ? 1 : 0),
                after.text().isEmpty() ? text : text + " x " + after.text());
        known.put(rule, chain);
        return chain;
    }

    /** Only what is written counts: the mesh's own default repeats nothing that reached an application. */
    private static int tries(CallGraph.Rule rule) {
        return rule.route().hasRetries() ? Math.max(0, rule.route().getRetries().getAttempts()) + 1 : 1;
    }
}
