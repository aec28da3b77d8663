package io.flotilla.config.analysis.classic;

import io.flotilla.api.policy.v1beta1.Action;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Map;

/** Rules that would refuse calls. Mixer records and counts; what refuses in this mesh are proxies. */
final class UnenforcedRules implements Check {
    static final Entry ENTRY = Entry.warning("FA0917", "a rule refuses or limits nobody", """
            The rule sends calls to an adapter that refuses or limits them. This release keeps such rules, handlers and
            quotas as they are, and does not carry them out: every call goes on. What refuses calls here is an
            AuthorizationPolicy, and what limits them a DestinationRule's connectionPool; write what the message
            names.""");

    private static final String LIMIT =
            "a DestinationRule's connectionPool, or an EnvoyFilter with Envoy's local_ratelimit";

    /** The adapters of policies, to what does their work. */
    private static final Map<String, String> INSTEAD = Map.of(
            "denier", "an AuthorizationPolicy with action DENY",
            "listchecker", "an AuthorizationPolicy that has the values in its rules",
            "memquota", LIMIT,
            "redisquota", LIMIT,
            "opa", "an AuthorizationPolicy with action CUSTOM",
            "rbac", "an AuthorizationPolicy with action ALLOW");

    @Override
    public List<Entry> entries() {
        return List.of(ENTRY);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        MixerObjects objects = new MixerObjects(mesh);
        for (Config<Rule> rule : mesh.all(Kind.mixer("rule"), Rule.class)) {
            for (int i = 0; i < rule.spec().getActionsCount(); i++) {
                Action action = rule.spec().getActions(i);
                String adapter = objects.handler(action.getHandler(), rule.namespace()).stream()
                        .findFirst()
                        .map(MixerObjects::adapter)
                        .orElse("");
                String instead = INSTEAD.get(adapter);
                if (instead != null) {
                    findings.report(
                            ENTRY,
                            rule,
                            Paths.item("actions", i).field("handler"),
                            "\"" + action.getHandler() + "\" is of adapter " + adapter
                                    + ", which is not carried out here; write " + instead);
                }
            }
        }
    }
}
