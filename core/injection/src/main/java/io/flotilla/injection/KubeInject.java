package io.flotilla.injection;

import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.envoy.bootstrap.MeshProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Injects manifests, whatever makes the pods in them. Documents that make no pods, or whose pods stay as they are, are
 * kept byte for byte.
 *
 * @param injector         injects the pods
 * @param defaultNamespace of manifests that name none
 */
public record KubeInject(SidecarInjector injector, String defaultNamespace) {
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t]*(?:#.*)?\\r?(?:\\n|\\z)");

    /**
     * What came of it.
     *
     * @param yaml     the manifests; those with problems unchanged
     * @param notes    what was skipped and why, and warnings
     * @param problems what could not be read or injected; empty if all went well
     */
    public record Result(String yaml, List<String> notes, List<String> problems) {
        public Result {
            notes = List.copyOf(notes);
            problems = List.copyOf(problems);
        }
    }

    /** With the settings of a mesh and what its objects say of proxies, for everything that does not refuse. */
    public static KubeInject requested(InjectionSettings settings, MeshProxies proxies, String defaultNamespace) {
        InjectionPolicy policy = settings.policy();
        InjectionSettings requested = settings.withPolicy(new InjectionPolicy(
                InjectionPolicy.Mode.REQUESTED,
                policy.never(),
                policy.always(),
                policy.ignoredNamespaces(),
                policy.controlPlane()));
        return new KubeInject(new SidecarInjector(requested, proxies), defaultNamespace);
    }

    /** Injects all documents of a YAML text, or JSON. */
    public Result inject(String yaml) {
        StringBuilder out = new StringBuilder();
        ManifestInjection manifests = new ManifestInjection(injector, defaultNamespace);
        Matcher separator = SEPARATOR.matcher(yaml);
        int start = 0;
        int number = 1;
        while (separator.find()) {
            out.append(document(yaml.substring(start, separator.start()), number, manifests));
            out.append(separator.group());
            start = separator.end();
            number++;
        }
        out.append(document(yaml.substring(start), number, manifests));
        return new Result(out.toString(), manifests.notes(), manifests.problems());
    }

    private static String document(String text, int number, ManifestInjection manifests) {
        if (text.isBlank()) {
            return text;
        }
        try {
            Object tree = PlainYaml.read("document " + number, text);
            if (!(tree instanceof Map<?, ?>)) {
                return text;
            }
            Map<String, Object> manifest = Tree.asObject(tree, "document " + number);
            Map<String, Object> injected = manifests.inject(manifest);
            return injected.equals(manifest) ? text : YamlText.write(injected);
        } catch (YamlEngineException e) {
            manifests.problem("document " + number + ": " + firstLine(e));
            return text;
        }
    }

    private static String firstLine(Exception e) {
        List<String> lines =
                new ArrayList<>(String.valueOf(e.getMessage()).lines().toList());
        return lines.isEmpty() ? "not YAML" : lines.getFirst();
    }
}
