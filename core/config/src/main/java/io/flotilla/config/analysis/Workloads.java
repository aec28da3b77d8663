package io.flotilla.config.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The workloads of a mesh by namespace and label. */
public final class Workloads {
    private final List<WorkloadFact> all;
    private final Map<String, Index> byNamespace = new HashMap<>();

    Workloads(List<WorkloadFact> all) {
        this.all = List.copyOf(all);
        all.forEach(each -> byNamespace
                .computeIfAbsent(each.namespace(), namespace -> new Index())
                .add(each));
    }

    /** In the order of the objects. */
    public List<WorkloadFact> all() {
        return all;
    }

    /** Of one namespace. */
    public List<WorkloadFact> in(String namespace) {
        Index index = byNamespace.get(namespace);
        return index == null ? List.of() : index.all;
    }

    /** Those of a namespace that have all of these labels; an empty selector takes all. */
    public List<WorkloadFact> select(String namespace, Map<String, String> selector) {
        Index index = byNamespace.get(namespace);
        return index == null ? List.of() : index.select(selector);
    }

    /** Those of any namespace that have all of these labels. */
    public List<WorkloadFact> selectAnywhere(Map<String, String> selector) {
        return byNamespace.values().stream()
                .flatMap(index -> index.select(selector).stream())
                .toList();
    }

    private static final class Index {
        private final List<WorkloadFact> all = new ArrayList<>();
        private final Map<Map.Entry<String, String>, List<WorkloadFact>> byLabel = new HashMap<>();

        void add(WorkloadFact workload) {
            all.add(workload);
            workload.labels()
                    .forEach((key, value) -> byLabel.computeIfAbsent(Map.entry(key, value), label -> new ArrayList<>())
                            .add(workload));
        }

        List<WorkloadFact> select(Map<String, String> selector) {
            List<WorkloadFact> fewest = all;
            for (Map.Entry<String, String> label : selector.entrySet()) {
                List<WorkloadFact> having =
                        byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of());
                fewest = having.size() < fewest.size() ? having : fewest;
            }
            return fewest.stream()
                    .filter(each -> Labels.fit(selector, each.labels()))
                    .toList();
        }
    }
}
