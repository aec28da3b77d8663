package io.flotilla.config.analysis.classic;

import io.flotilla.api.policy.v1beta1.Action;
import io.flotilla.api.policy.v1beta1.Instance;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.mixer.Adapter;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.mixer.Template;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Optional;

/** Whether a handler can do anything with the instances that it is given. */
final class MixerFit implements Check {
    private static final Entry ENTRY =
            Entry.error("FA0916", "a handler is given an instance that its adapter does not take", """
            Each adapter takes instances of certain templates: memquota of quota, prometheus of metric. Mixer passes over
            an instance of another template, so the action does nothing. Use a handler of another adapter, or an instance
            of a template that this one takes.""");

    @Override
    public List<Entry> entries() {
        return List.of(ENTRY);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        MixerObjects objects = new MixerObjects(mesh);
        for (Config<Rule> rule : mesh.all(Kind.mixer("rule"), Rule.class)) {
            for (int i = 0; i < rule.spec().getActionsCount(); i++) {
                action(rule, rule.spec().getActions(i), Paths.item("actions", i), objects, findings);
            }
        }
    }

    private static void action(
            Config<Rule> rule, Action action, FieldPath at, MixerObjects objects, Findings findings) {
        Optional<Adapter> adapter = objects.handler(action.getHandler(), rule.namespace()).stream()
                .findFirst()
                .flatMap(MixerFit::adapter);
        if (adapter.isEmpty()) {
            return;
        }
        for (int j = 0; j < action.getInstancesCount(); j++) {
            Optional<Template> template = objects.instance(action.getInstances(j), rule.namespace()).stream()
                    .findFirst()
                    .flatMap(MixerFit::template);
            if (template.isPresent() && !adapter.get().takes(template.get())) {
                findings.report(
                        ENTRY,
                        rule,
                        at.field("instances").item(j),
                        "\"" + action.getInstances(j) + "\" is of template "
                                + template.get().name() + "; "
                                + adapter.get().name() + " takes "
                                + String.join(", ", adapter.get().templates()));
            }
        }
    }

    private static Optional<Adapter> adapter(Config<?> handler) {
        return Adapters.find(MixerObjects.adapter(handler));
    }

    private static Optional<Template> template(Config<?> instance) {
        return Templates.find(
                instance.spec() instanceof Instance spec
                        ? spec.getCompiledTemplate()
                        : instance.key().kind().name());
    }
}
