package io.flotilla.config.platform;

import io.flotilla.api.registry.v1.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workloads of one namespace at one moment by name, address and label; by label once somebody asks for that: only
 * where nobody writes slices does anybody ask for pods. For one thread.
 */
final class PodIndex {
    private final PodState state;
    private @Nullable Map<Map.Entry<String, String>, List<Workload>> podsByLabel;
    private @Nullable Map<Map.Entry<String, String>, List<Workload>> entriesByLabel;

    PodIndex(PodState state) {
        this.state = state;
    }

    @Nullable
    Workload byName(String name) {
        return state.pod(name);
    }

    /** The workload that has one of these addresses as its own. */
    @Nullable
    Workload byAddress(Collection<String> addresses) {
        return state.byAddress(addresses);
    }

    /** Pods with all of these labels, sorted by name; nothing chosen chooses nothing. */
    List<Workload> selectedPods(Map<String, String> selector) {
        Map<Map.Entry<String, String>, List<Workload>> known = podsByLabel;
        if (known == null) {
            known = labelled(state.pods());
            podsByLabel = known;
        }
        return selected(known, selector);
    }

    /** Declared workloads with all of these labels, sorted by name; nothing chosen chooses nothing. */
    List<Workload> selectedEntries(Map<String, String> selector) {
        Map<Map.Entry<String, String>, List<Workload>> known = entriesByLabel;
        if (known == null) {
            known = labelled(state.entries());
            entriesByLabel = known;
        }
        return selected(known, selector);
    }

    static boolean isSelected(Workload workload, Map<String, String> selector) {
        return !selector.isEmpty() && workload.getLabelsMap().entrySet().containsAll(selector.entrySet());
    }

    private static List<Workload> selected(
            Map<Map.Entry<String, String>, List<Workload>> labelled, Map<String, String> selector) {
        List<Workload> fewest = null;
        for (Map.Entry<String, String> label : selector.entrySet()) {
            List<Workload> having = labelled.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of());
            fewest = fewest == null || having.size() < fewest.size() ? having : fewest;
        }
        return fewest == null
                ? List.of()
                : fewest.stream()
                        .filter(workload -> isSelected(workload, selector))
                        .toList();
    }

    private static Map<Map.Entry<String, String>, List<Workload>> labelled(Collection<Workload> workloads) {
        Map<Map.Entry<String, String>, List<Workload>> labelled = new HashMap<>();
        for (Workload workload : workloads) {
            for (Map.Entry<String, String> label : workload.getLabelsMap().entrySet()) {
                labelled.computeIfAbsent(Map.entry(label.getKey(), label.getValue()), each -> new ArrayList<>())
                        .add(workload);
            }
        }
        return labelled;
    }
}
