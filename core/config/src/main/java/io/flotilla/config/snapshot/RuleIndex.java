package io.flotilla.config.snapshot;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** DestinationRules by namespace and host: the client's namespace, then the service's, then the root. */
final class RuleIndex {
    private static final Comparator<Config<DestinationRule>> OLDEST = Comparator.comparing(
                    (Config<DestinationRule> rule) -> rule.created())
            .thenComparing(Config::name);

    private record Question(String host, String client, String owner, Map<String, String> labels) {}

    private final MeshSettings settings;
    private final List<String> exportTo;
    private final Map<String, NavigableMap<String, List<Config<DestinationRule>>>> rules;
    private final Set<String> failoverLabels;
    private final Map<String, Set<String>> clientLabels;
    private final Map<Question, Optional<Config<DestinationRule>>> answers;
    // Hosts with other rules than those for which the answers hold, and the answers for them.
    private final Set<String> apart;
    private final Map<Question, Optional<Config<DestinationRule>>> answersApart;

    RuleIndex(ObjectTable objects, MeshSettings settings, List<String> exportTo) {
        this.settings = settings;
        this.exportTo = exportTo;
        rules = new HashMap<>();
        failoverLabels = new TreeSet<>();
        clientLabels = new HashMap<>();
        answers = new ConcurrentHashMap<>();
        apart = Set.of();
        answersApart = new ConcurrentHashMap<>();
        objects.all(Kind.MESH_CONFIG, MeshConfig.class)
                .forEach(mesh -> FailoverLabels.of(mesh.spec()).forEach(failoverLabels::add));
        for (Config<DestinationRule> rule : objects.all(Kind.DESTINATION_RULE, DestinationRule.class)) {
            String host = Hostnames.resolve(rule.spec().getHost(), rule.namespace(), settings.domainSuffix());
            byHost(rules, rule).computeIfAbsent(host, each -> new ArrayList<>()).add(rule);
            FailoverLabels.of(rule.spec()).forEach(failoverLabels::add);
            if (selects(rule)) {
                clientLabels
                        .computeIfAbsent(rule.namespace(), namespace -> new TreeSet<>())
                        .addAll(selector(rule).keySet());
            }
        }
        rules.values().forEach(byHost -> byHost.values().forEach(same -> same.sort(OLDEST)));
    }

    private RuleIndex(
            RuleIndex before,
            Map<String, NavigableMap<String, List<Config<DestinationRule>>>> rules,
            Set<String> apart,
            Map<Question, Optional<Config<DestinationRule>>> answersApart) {
        settings = before.settings;
        exportTo = before.exportTo;
        failoverLabels = before.failoverLabels;
        clientLabels = before.clientLabels;
        answers = before.answers;
        this.rules = rules;
        this.apart = apart;
        this.answersApart = answersApart;
    }

    private static NavigableMap<String, List<Config<DestinationRule>>> byHost(
            Map<String, NavigableMap<String, List<Config<DestinationRule>>>> rules, Config<DestinationRule> rule) {
        return rules.computeIfAbsent(rule.namespace(), namespace -> new TreeMap<>(Hostnames.MOST_SPECIFIC_FIRST));
    }

    /**
     * The index after some rules came, went or changed that say nothing of clients; empty where so much stands beside the
     * base that a new one is due.
     *
     * @param changed by key; null for one that is gone
     * @param before  the rules as they were
     * @param hosts   of which there are rules in either
     */
    Optional<RuleIndex> after(
            Map<ObjectKey, @Nullable Config<DestinationRule>> changed,
            List<Config<DestinationRule>> before,
            Set<String> hosts) {
        if (apart.size() + hosts.size() > EndpointIndex.APART) {
            return Optional.empty();
        }
        Map<String, NavigableMap<String, List<Config<DestinationRule>>>> all = new HashMap<>(rules);
        changed.keySet().stream().map(ObjectKey::namespace).distinct().forEach(namespace -> {
            NavigableMap<String, List<Config<DestinationRule>>> known = all.get(namespace);
            // A copy of a sorted map in the same order compares nothing.
            all.put(
                    namespace,
                    known == null
                            ? new TreeMap<>(Hostnames.MOST_SPECIFIC_FIRST)
                            : new TreeMap<>((SortedMap<String, List<Config<DestinationRule>>>) known));
        });
        before.forEach(rule -> replace(all, rule, List.of()));
        changed.values().forEach(rule -> {
            if (rule != null) {
                replace(all, rule, List.of(rule));
            }
        });
        Set<String> touched = new HashSet<>(apart);
        touched.addAll(hosts);
        Map<Question, Optional<Config<DestinationRule>>> kept = new ConcurrentHashMap<>();
        answersApart.forEach((question, answer) -> {
            if (!hosts.contains(question.host())) {
                kept.put(question, answer);
            }
        });
        return Optional.of(new RuleIndex(this, all, touched, kept));
    }

    private void replace(
            Map<String, NavigableMap<String, List<Config<DestinationRule>>>> all,
            Config<DestinationRule> rule,
            List<Config<DestinationRule>> now) {
        Map<String, List<Config<DestinationRule>>> byHost = byHost(all, rule);
        String host = Hostnames.resolve(rule.spec().getHost(), rule.namespace(), settings.domainSuffix());
        List<Config<DestinationRule>> same = new ArrayList<>(byHost.getOrDefault(host, List.of()));
        same.removeIf(each -> each.key().equals(rule.key()));
        same.addAll(now);
        same.sort(OLDEST);
        if (same.isEmpty()) {
            byHost.remove(host);
        } else {
            byHost.put(host, same);
        }
    }

    /**
     * The rule that holds for a host.
     *
     * @param owner  namespace of the service, empty where the host is no service
     * @param labels of the client
     */
    Optional<Config<DestinationRule>> rule(String host, String client, String owner, Map<String, String> labels) {
        Map<Question, Optional<Config<DestinationRule>>> known = apart.contains(host) ? answersApart : answers;
        Question question = question(host, client, owner, labels);
        Optional<Config<DestinationRule>> answer = known.get(question);
        return answer == null ? known.computeIfAbsent(question, each -> new RuleParts(find(each)).merged()) : answer;
    }

    /** The rules of which that is made. Found anew each time: only who explains asks for them. */
    RuleParts parts(String host, String client, String owner, Map<String, String> labels) {
        return new RuleParts(find(question(host, client, owner, labels)));
    }

    private Question question(String host, String client, String owner, Map<String, String> labels) {
        Map<String, String> looked = Map.of();
        if (!clientLabels(client).isEmpty()) {
            looked = new TreeMap<>(labels);
            looked.keySet().retainAll(clientLabels(client));
        }
        return new Question(host, client, owner, looked);
    }

    /** Names of the labels by which the rules of a namespace select clients; such rules are for their namespace alone. */
    Set<String> clientLabels(String namespace) {
        return clientLabels.getOrDefault(namespace, Set.of());
    }

    /** Names of the labels that rules compare to say who is near. */
    Set<String> failoverLabels() {
        return failoverLabels;
    }

    private static boolean selects(Config<DestinationRule> rule) {
        return !selector(rule).isEmpty();
    }

    private static Map<String, String> selector(Config<DestinationRule> rule) {
        return rule.spec().getWorkloadSelector().getMatchLabelsMap();
    }

    private List<Config<DestinationRule>> find(Question question) {
        String root = settings.rootNamespace();
        List<Config<DestinationRule>> found =
                question.client().equals(root) ? List.of() : in(question.client(), question, true);
        if (found.isEmpty()) {
            found = in(question.owner(), question, false);
        }
        return found.isEmpty() ? in(root, question, false) : found;
    }

    // The exact name is the most specific, and wildcards, which are few, come last.
    private List<Config<DestinationRule>> in(String namespace, Question question, boolean own) {
        NavigableMap<String, List<Config<DestinationRule>>> byHost = rules.get(namespace);
        if (byHost == null) {
            return List.of();
        }
        Deque<String> hosts = new ArrayDeque<>();
        for (String host : byHost.descendingKeySet()) {
            if (!host.startsWith("*")) {
                break;
            }
            hosts.push(host);
        }
        if (!question.host().startsWith("*")) {
            hosts.push(question.host());
        }
        for (String host : hosts) {
            if (Hostnames.subsetOf(question.host(), host)) {
                List<Config<DestinationRule>> found =
                        of(byHost.getOrDefault(host, List.of()), namespace, question, own);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return List.of();
    }

    private List<Config<DestinationRule>> of(
            List<Config<DestinationRule>> all, String namespace, Question question, boolean own) {
        boolean home = namespace.equals(question.client());
        List<Config<DestinationRule>> selected = all.stream()
                .filter(rule -> home && selects(rule))
                .filter(rule ->
                        question.labels().entrySet().containsAll(selector(rule).entrySet()))
                .toList();
        return !selected.isEmpty()
                ? selected
                : all.stream()
                        .filter(rule -> !selects(rule))
                        .filter(rule -> own || sees(rule, question.client()))
                        .toList();
    }

    private boolean sees(Config<DestinationRule> rule, String client) {
        return ExportTo.sees(ExportTo.resolve(rule.spec().getExportToList(), rule.namespace(), exportTo), client);
    }
}
