package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.SortedIndex;
import io.flotilla.config.store.SortedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manifests of one namespace, and who of them means whom. Immutable; a change costs what changes, and the logarithm
 * of what is there.
 */
final class NamespaceManifests {
    private final SortedTree<ObjectKey, Config<?>> all;
    // Slices by the name of their service.
    private final SortedIndex<ObjectKey> slices;
    // Slices and Endpoints by names and addresses of pods.
    private final SortedIndex<ObjectKey> mentions;
    // Services by one label of their selector, which whom it selects has too.
    private final SortedIndex<ObjectKey> selectors;

    private NamespaceManifests(
            SortedTree<ObjectKey, Config<?>> all,
            SortedIndex<ObjectKey> slices,
            SortedIndex<ObjectKey> mentions,
            SortedIndex<ObjectKey> selectors) {
        this.all = all;
        this.slices = slices;
        this.mentions = mentions;
        this.selectors = selectors;
    }

    static NamespaceManifests empty() {
        return new NamespaceManifests(
                SortedTree.empty(), SortedIndex.empty(), SortedIndex.empty(), SortedIndex.empty());
    }

    /** With a manifest in the place of the one of its key; null: without it. */
    NamespaceManifests with(ObjectKey key, @Nullable Config<?> now) {
        Config<?> before = all.get(key);
        Kind kind = key.kind();
        boolean slice = kind.equals(Kind.ENDPOINT_SLICE);
        return new NamespaceManifests(
                now == null ? all.without(key) : all.with(key, now),
                slice ? slices.moved(key, services(before), services(now)) : slices,
                slice || kind.equals(Kind.ENDPOINTS)
                        ? mentions.moved(key, mentioned(before), mentioned(now))
                        : mentions,
                kind.equals(Kind.SERVICE) ? selectors.moved(key, wanted(before), wanted(now)) : selectors);
    }

    @Nullable
    Config<?> get(ObjectKey key) {
        return all.get(key);
    }

    boolean contains(ObjectKey key) {
        return all.contains(key);
    }

    Collection<Config<?>> values() {
        return all.values();
    }

    /** Somebody wrote slices of this service. */
    boolean servedBySlices(String service) {
        return slices.has(service);
    }

    /** Slices and Endpoints that mention this workload, by its name or an address. */
    Set<ObjectKey> mentioning(Workload workload) {
        Set<ObjectKey> found = new HashSet<>(mentions.of(workload.getName()));
        workload.getAddressesList().forEach(address -> found.addAll(mentions.of(address)));
        return found;
    }

    /** Services that select this workload. */
    Set<ObjectKey> selecting(Workload workload) {
        Set<ObjectKey> found = new HashSet<>();
        workload.getLabelsMap().forEach((label, value) -> {
            for (ObjectKey key : selectors.of(word(label, value))) {
                Config<?> service = all.get(key);
                if (service != null && PodIndex.isSelected(workload, selector(service))) {
                    found.add(key);
                }
            }
        });
        return found;
    }

    @SuppressWarnings("unchecked") // all kinds of the registry but those of Entries are read as a Struct
    static Config<Struct> struct(Config<?> config) {
        return (Config<Struct>) config;
    }

    private static Map<String, String> selector(Config<?> service) {
        return new Manifest(struct(service).spec()).strings("spec", "selector");
    }

    private static List<String> services(@Nullable Config<?> slice) {
        return slice == null ? List.of() : List.of(SliceReader.serviceOf(struct(slice)));
    }

    private static List<String> wanted(@Nullable Config<?> service) {
        return service == null
                ? List.of()
                : selector(service).entrySet().stream()
                        .limit(1)
                        .map(first -> word(first.getKey(), first.getValue()))
                        .toList();
    }

    private static String word(String label, String value) {
        return label + "=" + value;
    }

    private static List<String> mentioned(@Nullable Config<?> manifest) {
        List<String> words = new ArrayList<>();
        if (manifest != null) {
            Manifest content = new Manifest(struct(manifest).spec());
            for (Manifest endpoint : content.list("endpoints")) {
                words.add(endpoint.text("targetRef", "name"));
                words.addAll(endpoint.texts("addresses"));
            }
            for (Manifest subset : content.list("subsets")) {
                for (String list : new String[] {"addresses", "notReadyAddresses"}) {
                    for (Manifest address : subset.list(list)) {
                        words.add(address.text("targetRef", "name"));
                        words.add(address.text("ip"));
                    }
                }
            }
            words.removeIf(String::isEmpty);
        }
        return words;
    }
}
