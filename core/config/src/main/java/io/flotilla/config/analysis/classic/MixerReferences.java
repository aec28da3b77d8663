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
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What rules of Mixer name. */
final class MixerReferences implements Check {
    private static final Entry HANDLER = Entry.error(
                    "FA0904", "a rule of Mixer names a handler that does not exist", """
                    The action is passed over: nothing is checked, counted or reported by it. Handlers are looked for in
                    the rule's namespace, or in the one that the reference names (NAME.KIND.NAMESPACE). Correct the
                    name; it is case-sensitive.""")
            .istio("IST0101");
    private static final Entry INSTANCE = Entry.error(
                    "FA0905", "a rule of Mixer names an instance that does not exist", """
                    The instance is passed over, so the handler gets nothing for it. Instances are looked for in the
                    rule's namespace, or in the one that the reference names (NAME.KIND.NAMESPACE). Correct the name;
                    it is case-sensitive.""")
            .istio("IST0101");
    private static final Entry UNUSED = Entry.info("FA0910", "no rule of Mixer uses a handler or an instance", """
            Handlers and instances do something only together, in an action of a rule. No rule names this one. Add it
            to a rule, or delete it.""");

    @Override
    public List<Entry> entries() {
        return List.of(HANDLER, INSTANCE, UNUSED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        MixerObjects objects = new MixerObjects(mesh);
        Set<ObjectKey> used = new HashSet<>();
        for (Config<Rule> rule : mesh.all(Kind.mixer("rule"), Rule.class)) {
            for (int i = 0; i < rule.spec().getActionsCount(); i++) {
                Action action = rule.spec().getActions(i);
                FieldPath at = Paths.item("actions", i);
                List<Config<?>> handlers = objects.handler(action.getHandler(), rule.namespace());
                if (handlers.isEmpty()) {
                    findings.report(
                            HANDLER, rule, at.field("handler"), "there is no handler \"" + action.getHandler() + "\"");
                }
                handlers.forEach(each -> used.add(each.key()));
                for (int j = 0; j < action.getInstancesCount(); j++) {
                    List<Config<?>> instances = objects.instance(action.getInstances(j), rule.namespace());
                    if (instances.isEmpty()) {
                        findings.report(
                                INSTANCE,
                                rule,
                                at.field("instances").item(j),
                                "there is no instance \"" + action.getInstances(j) + "\"");
                    }
                    instances.forEach(each -> used.add(each.key()));
                }
            }
        }
        for (Config<?> each : objects.all()) {
            if (!used.contains(each.key())) {
                findings.report(UNUSED, each, Paths.SPEC, "no rule uses it");
            }
        }
    }
}
