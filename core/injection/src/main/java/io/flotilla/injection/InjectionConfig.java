package io.flotilla.injection;

import io.flotilla.config.yaml.PlainYaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What operators say about who gets a sidecar: the "config" of Istio's ConfigMap istio-sidecar-injector, by itself or as
 * that ConfigMap. Its "template" has no effect, since what is injected is not a template here.
 *
 * @param policy   the policy of the file over the one it was read over
 * @param warnings what has no effect
 * @param problems what cannot be read; the policy must not be used if there are any
 */
public record InjectionConfig(InjectionPolicy policy, List<String> warnings, List<String> problems) {
    private static final Set<String> KNOWN = Set.of(
            "policy", "neverInjectSelector", "alwaysInjectSelector", "template", "templates", "defaultTemplates");

    public InjectionConfig {
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }

    /** Reads a file's text. */
    public static InjectionConfig read(String yaml, InjectionPolicy base) {
        try {
            Map<String, Object> config = config(yaml);
            List<String> warnings = config.keySet().stream()
                    .filter(field -> !KNOWN.contains(field)
                            || field.toLowerCase(Locale.ROOT).contains("template"))
                    .map(field -> field + ": has no effect")
                    .toList();
            return new InjectionConfig(
                    new InjectionPolicy(
                            mode(Tree.text(config, "policy"), base.mode()),
                            config.containsKey("neverInjectSelector")
                                    ? selectors(config, "neverInjectSelector")
                                    : base.never(),
                            config.containsKey("alwaysInjectSelector")
                                    ? selectors(config, "alwaysInjectSelector")
                                    : base.always(),
                            base.ignoredNamespaces(),
                            base.controlPlane()),
                    warnings,
                    List.of());
        } catch (Tree.MalformedManifest | YamlEngineException e) {
            return new InjectionConfig(base, List.of(), List.of(String.valueOf(e.getMessage())));
        }
    }

    private static Map<String, Object> config(String yaml) {
        Map<String, Object> document = load(yaml);
        return "ConfigMap".equals(document.get("kind"))
                ? load(Tree.text(Tree.object(document, "data"), "config"))
                : document;
    }

    private static Map<String, Object> load(String yaml) {
        return Tree.asObject(PlainYaml.read(yaml), "the file");
    }

    private static InjectionPolicy.Mode mode(String policy, InjectionPolicy.Mode base) {
        return switch (policy.toLowerCase(Locale.ROOT)) {
            case "" -> base;
            case "enabled" -> InjectionPolicy.Mode.ENABLED;
            case "disabled" -> InjectionPolicy.Mode.DISABLED;
            default -> throw new Tree.MalformedManifest("policy", "enabled or disabled, not \"" + policy + "\"");
        };
    }

    private static List<LabelSelector> selectors(Map<String, Object> config, String field) {
        List<LabelSelector> selectors = new ArrayList<>();
        for (Map<String, Object> selector : Tree.objects(config, field)) {
            List<LabelSelector.Requirement> requirements = new ArrayList<>();
            for (Map<String, Object> expression : Tree.objects(selector, "matchExpressions")) {
                requirements.add(new LabelSelector.Requirement(
                        Tree.text(expression, "key"),
                        operator(Tree.text(expression, "operator"), field),
                        Tree.list(expression, "values").stream()
                                .map(String::valueOf)
                                .toList()));
            }
            selectors.add(new LabelSelector(Tree.texts(selector, "matchLabels"), requirements));
        }
        return selectors;
    }

    private static LabelSelector.Operator operator(String name, String field) {
        return switch (name) {
            case "In" -> LabelSelector.Operator.IN;
            case "NotIn" -> LabelSelector.Operator.NOT_IN;
            case "Exists" -> LabelSelector.Operator.EXISTS;
            case "DoesNotExist" -> LabelSelector.Operator.DOES_NOT_EXIST;
            default ->
                throw new Tree.MalformedManifest(
                        field + ".matchExpressions.operator",
                        "In, NotIn, Exists or DoesNotExist, not \"" + name + "\"");
        };
    }
}
