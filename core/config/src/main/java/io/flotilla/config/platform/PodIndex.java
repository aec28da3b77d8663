package io.flotilla.config.platform;

import io.flotilla.api.registry.v1.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The workloads of one namespace by name, address and label; what is not asked for is not built. For one thread. */
final class PodIndex {
    private final SortedMap<String, Workload> byName;
    private @Nullable Map<String, Workload> byAddress;
    private @Nullable Map<Map.Entry<String, String>, List<Workload>> byLabel;

    PodIndex(SortedMap<String, Workload> byName) {
        this.byName = byName;
    }

    @Nullable
    Workload byName(String name) {
        return byName.get(name);
    }

    /** The pod that has one of these addresses as its own. */
    @Nullable
    Workload byAddress(Collection<String> addresses) {
        Map<String, Workload> known = byAddress;
        if (known == null) {
            known = new HashMap<>();
            for (Workload workload : byName.values()) {
                if (!workload.getHostNetwork()) {
                    for (String address : workload.getAddressesList()) {
                        known.putIfAbsent(address, workload);
                    }
                }
            }
            byAddress = known;
        }
        for (String address : addresses) {
            Workload workload = known.get(address);
            if (workload != null) {
                return workload;
            }
        }
        return null;
    }

    /** Those with all of these labels, sorted by name; nothing chosen chooses nothing. */
    List<Workload> selected(Map<String, String> selector) {
        List<Workload> fewest = null;
        for (Map.Entry<String, String> label : selector.entrySet()) {
            List<Workload> having = labelled().getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of());
            fewest = fewest == null || having.size() < fewest.size() ? having : fewest;
        }
        return fewest == null
                ? List.of()
                : fewest.stream()
                        .filter(workload -> isSelected(workload, selector))
                        .toList();
    }

    static boolean isSelected(Workload workload, Map<String, String> selector) {
        return !selector.isEmpty() && workload.getLabelsMap().entrySet().containsAll(selector.entrySet());
    }

    private Map<Map.Entry<String, String>, List<Workload>> labelled() {
        Map<Map.Entry<String, String>, List<Workload>> known = byLabel;
        if (known == null) {
            known = new HashMap<>();
            for (Workload workload : byName.values()) {
                for (Map.Entry<String, String> label : workload.getLabelsMap().entrySet()) {
                    known.computeIfAbsent(Map.entry(label.getKey(), label.getValue()), each -> new ArrayList<>())
                            .add(workload);
                }
            }
            byLabel = known;
        }
        return known;
    }
}
