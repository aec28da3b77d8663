package io.flotilla.config.snapshot;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workloads by name, by address and by labels. */
final class WorkloadIndex {
    private final Map<String, Workload> byName = new HashMap<>();
    // By address those of all networks, of each one.
    private final Map<String, List<Workload>> byAddress = new HashMap<>();
    private final Map<String, List<Workload>> byNamespace = new HashMap<>();
    private final Map<String, List<Workload>> declared = new HashMap<>();

    WorkloadIndex(ObjectTable objects) {
        for (Config<Workload> config : objects.all(Kind.REGISTRY_WORKLOAD, Workload.class)) {
            Workload workload = config.spec();
            byName.putIfAbsent(workload.getNamespace() + "/" + workload.getName(), workload);
            byNamespace
                    .computeIfAbsent(workload.getNamespace(), namespace -> new ArrayList<>())
                    .add(workload);
            if (workload.getDeclared() && workload.getServicePortsCount() > 0) {
                declared.computeIfAbsent(workload.getNamespace(), namespace -> new ArrayList<>())
                        .add(workload);
            }
            // Pods on their node's network share its address: it names none of them.
            if (!workload.getHostNetwork()) {
                workload.getAddressesList()
                        .forEach(address -> byAddress.merge(address, List.of(workload), WorkloadIndex::together));
            }
        }
    }

    private static List<Workload> together(List<Workload> some, List<Workload> more) {
        Workload other = more.getFirst();
        List<Workload> all = new ArrayList<>(some);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).getNetwork().equals(other.getNetwork())) {
                all.set(i, living(all.get(i), other));
                return all;
            }
        }
        all.add(other);
        return all;
    }

    /** An address is reused once its pod ends: the one that stays is meant. */
    private static Workload living(Workload first, Workload second) {
        return first.getTerminating() && !second.getTerminating() ? second : first;
    }

    Optional<Workload> byName(String namespace, String name) {
        return Optional.ofNullable(byName.get(namespace + "/" + name));
    }

    Optional<Workload> byAddress(String network, String address) {
        List<Workload> all = byAddress.getOrDefault(address, List.of());
        Optional<Workload> there = in(network, all);
        if (there.isPresent() || all.isEmpty()) {
            return there;
        }
        return !network.isEmpty() ? in("", all) : all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private static Optional<Workload> in(String network, List<Workload> all) {
        return all.stream()
                .filter(workload -> workload.getNetwork().equals(network))
                .findFirst();
    }

    /** The number on which an entry with all of these labels says that it serves a service's port; 0 where none does. */
    int declaredPort(String namespace, Map<String, String> labels, String port) {
        return declared.getOrDefault(namespace, List.of()).stream()
                .filter(workload -> workload.getLabelsMap().entrySet().containsAll(labels.entrySet()))
                .map(workload -> workload.getServicePortsMap().getOrDefault(port, 0))
                .filter(number -> number > 0)
                .findFirst()
                .orElse(0);
    }

    /** Workloads of a namespace that have all of these labels. */
    List<Workload> selected(String namespace, Map<String, String> labels) {
        return byNamespace.getOrDefault(namespace, List.of()).stream()
                .filter(workload -> workload.getLabelsMap().entrySet().containsAll(labels.entrySet()))
                .toList();
    }
}
