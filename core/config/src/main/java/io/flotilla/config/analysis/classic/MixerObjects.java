package io.flotilla.config.analysis.classic;

import io.flotilla.api.policy.v1beta1.Handler;
import io.flotilla.api.policy.v1beta1.Instance;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.mixer.Template;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Handlers and instances of Mixer, in both notations, by the names under which rules refer to them. */
final class MixerObjects {
    private static final Set<String> HANDLERS = kinds("handler", Adapters.names());
    private static final Set<String> INSTANCES =
            kinds("instance", Templates.all().stream().map(Template::name).toList());

    private final Map<String, List<Config<?>>> handlers = new TreeMap<>();
    private final Map<String, List<Config<?>>> instances = new TreeMap<>();

    MixerObjects(Mesh mesh) {
        for (Config<?> config : mesh.objects()) {
            if (config.key().kind().group().equals(Kind.mixer("rule").group())) {
                String kind = config.key().kind().name();
                Map<String, List<Config<?>>> index =
                        HANDLERS.contains(kind) ? handlers : INSTANCES.contains(kind) ? instances : null;
                if (index != null) {
                    index.computeIfAbsent(config.namespace() + "/" + config.name(), key -> new ArrayList<>(1))
                            .add(config);
                }
            }
        }
    }

    private static Set<String> kinds(String own, List<String> shorthand) {
        Set<String> kinds = new HashSet<>(shorthand);
        kinds.add(own);
        return kinds;
    }

    /** All handlers and instances. */
    List<Config<?>> all() {
        return Stream.of(handlers, instances)
                .flatMap(index -> index.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    List<Config<?>> handler(String reference, String namespace) {
        return find(handlers, HANDLERS, reference, namespace);
    }

    List<Config<?>> instance(String reference, String namespace) {
        return find(instances, INSTANCES, reference, namespace);
    }

    /** "NAME", "NAME.KIND", "NAME.NAMESPACE" or "NAME.KIND.NAMESPACE". */
    private static List<Config<?>> find(
            Map<String, List<Config<?>>> index, Set<String> kinds, String reference, String namespace) {
        String[] parts = reference.split("\\.", -1);
        String kind = parts.length > 2 || (parts.length == 2 && kinds.contains(parts[1])) ? parts[1] : "";
        String where = parts.length > 2 ? parts[2] : parts.length == 2 && kind.isEmpty() ? parts[1] : namespace;
        return index.getOrDefault(where + "/" + parts[0], List.of()).stream()
                .filter(each -> kind.isEmpty() || each.key().kind().name().equals(kind))
                .toList();
    }

    /** Instances of the template for quotas, whatever the notation. */
    static boolean isQuota(Config<?> instance) {
        return instance.key().kind().name().equals("quota")
                || (instance.spec() instanceof Instance spec
                        && (spec.getCompiledTemplate().equals("quota")
                                || spec.getTemplate().equals("quota")));
    }

    /** The name of a handler's adapter, whatever the notation; empty where it is a process of its own. */
    static String adapter(Config<?> handler) {
        return handler.spec() instanceof Handler spec
                ? spec.getCompiledAdapter()
                : handler.key().kind().name();
    }

    /** Names of quotas that a handler of memquota or redisquota counts; empty where it is another adapter. */
    static Optional<List<String>> counted(Config<?> handler) {
        return switch (handler.spec()) {
            case Handler spec
            when spec.getCompiledAdapter().endsWith("quota") ->
                Optional.of(new Manifest(spec.getParams())
                        .list("quotas").stream()
                                .map(quota -> quota.text("name"))
                                .toList());
            case io.flotilla.api.adapter.memquota.Params params ->
                Optional.of(params.getQuotasList().stream()
                        .map(quota -> quota.getName())
                        .toList());
            case io.flotilla.api.adapter.redisquota.Params params ->
                Optional.of(params.getQuotasList().stream()
                        .map(quota -> quota.getName())
                        .toList());
            default -> Optional.empty();
        };
    }
}
