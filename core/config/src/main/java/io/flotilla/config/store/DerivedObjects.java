package io.flotilla.config.store;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.derive.Owners;
import io.flotilla.config.gatewayapi.GatewayTranslation;
import io.flotilla.config.gatewayapi.Memo;
import io.flotilla.config.ingress.IngressTranslation;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.MeshConfigMap;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Objects that stand for those of other APIs: between what is in force and what the mesh is told, the Gateway API and
 * Ingress become Istio's kinds. Immutable. It is computed anew only where an object of these APIs changed, or one that
 * they asked for (a Service, a Namespace, a Secret, the mesh's ConfigMap). An object that a user wrote under the name
 * of a derived one is what counts.
 */
public final class DerivedObjects {
    private static final Set<Kind> MADE = Set.of(Kind.GATEWAY, Kind.VIRTUAL_SERVICE, Kind.DESTINATION_RULE);

    private final DeriveOptions options;
    private final SortedMap<ObjectKey, Config<?>> sources;
    private final SortedMap<ObjectKey, Config<?>> made;
    private final Set<ObjectKey> asked;
    private final MeshConfig mesh;
    private final List<ObjectStatus> statuses;
    private final List<Diagnostic> problems;
    private final Memo memo;
    private final Owners owners;

    private DerivedObjects(
            DeriveOptions options,
            SortedMap<ObjectKey, Config<?>> sources,
            SortedMap<ObjectKey, Config<?>> made,
            Set<ObjectKey> asked,
            MeshConfig mesh,
            Derived derived,
            Memo memo,
            Owners owners) {
        this.memo = memo;
        this.owners = owners;
        this.options = options;
        this.sources = sources;
        this.made = made;
        this.asked = asked;
        this.mesh = mesh;
        this.statuses = derived.statuses();
        this.problems = derived.problems();
    }

    /** Nothing yet. */
    public static DerivedObjects empty(DeriveOptions options) {
        return new DerivedObjects(
                options,
                new TreeMap<>(),
                new TreeMap<>(),
                Set.of(),
                MeshConfig.getDefaultInstance(),
                Derived.NOTHING,
                Memo.EMPTY,
                Owners.NONE);
    }

    /**
     * A change with what follows from it.
     *
     * @param state   after it
     * @param changed objects for the mesh: what users wrote, but for the APIs that are translated, and what was made
     * @param removed likewise
     */
    public record Step(DerivedObjects state, List<Config<?>> changed, Set<ObjectKey> removed) {}

    /** What the status of each object says. */
    public List<ObjectStatus> statuses() {
        return statuses;
    }

    /** What holds objects back, wholly or in part. */
    public List<Diagnostic> problems() {
        return problems;
    }

    /** Everything that was made, also what users' objects stand before. */
    public Collection<Config<?>> objects() {
        return java.util.Collections.unmodifiableCollection(made.values());
    }

    /**
     * The state after a change.
     *
     * @param inForce finds objects as they are after it
     */
    public Step apply(Collection<? extends Config<?>> changed, Collection<ObjectKey> removed, Lookup inForce) {
        return apply(changed, removed, inForce, owners);
    }

    /** The state after a change, with hosts owned as told; others than before move everything. */
    public Step apply(
            Collection<? extends Config<?>> changed, Collection<ObjectKey> removed, Lookup inForce, Owners owned) {
        SortedMap<ObjectKey, Config<?>> next = new TreeMap<>();
        Set<ObjectKey> gone = new TreeSet<>();
        boolean routesOnly = owned.equals(owners);
        boolean relevant = !routesOnly;
        SortedMap<ObjectKey, Config<?>> after = sources;
        for (ObjectKey key : removed) {
            relevant |= relevant(key);
            routesOnly &= GatewayApi.isRoute(key.kind()) || !relevant(key);
            if (GatewayApi.isTranslated(key.kind())) {
                after = after == sources ? new TreeMap<>(sources) : after;
                after.remove(key);
            } else if (made.containsKey(key)) {
                next.put(key, made.get(key));
            } else {
                gone.add(key);
            }
        }
        for (Config<?> config : changed) {
            relevant |= relevant(config.key());
            routesOnly &= GatewayApi.isRoute(config.key().kind()) || !relevant(config.key());
            if (GatewayApi.isTranslated(config.key().kind())) {
                after = after == sources ? new TreeMap<>(sources) : after;
                after.put(config.key(), config);
            } else {
                next.put(config.key(), config);
            }
        }
        if (!relevant) {
            return new Step(this, List.copyOf(next.values()), gone);
        }
        DerivedObjects state = translate(after, inForce, routesOnly, owned);
        differences(state, inForce, next, gone);
        gone.removeAll(next.keySet());
        return new Step(state, List.copyOf(next.values()), gone);
    }

    private boolean relevant(ObjectKey key) {
        return GatewayApi.isTranslated(key.kind()) || asked.contains(key);
    }

    private void differences(
            DerivedObjects state, Lookup inForce, SortedMap<ObjectKey, Config<?>> next, Set<ObjectKey> gone) {
        for (ObjectKey key : touched(state, next)) {
            if (inForce.object(key).isPresent()) {
                // The user's own stands before it.
                continue;
            }
            Config<?> before = made.get(key);
            Config<?> now = state.made.get(key);
            if (now == null) {
                next.remove(key);
                gone.add(key);
            } else if (before == null
                    || !before.version().equals(now.version())
                    || !before.created().equals(now.created())
                    || next.containsKey(key)) {
                next.put(key, now);
            }
        }
    }

    /** Keys of objects that were made anew, are not made any more, or were among what the mesh is told anyway. */
    @SuppressWarnings("ReferenceEquality") // what is the same object cannot differ
    private Set<ObjectKey> touched(DerivedObjects state, SortedMap<ObjectKey, Config<?>> next) {
        Set<ObjectKey> touched = new TreeSet<>();
        state.made.forEach((key, now) -> {
            if (made.get(key) != now) {
                touched.add(key);
            }
        });
        if (made.size() + touched.size() > state.made.size()) {
            made.keySet().stream().filter(key -> !state.made.containsKey(key)).forEach(touched::add);
        }
        next.keySet().stream()
                .filter(key -> made.containsKey(key) || state.made.containsKey(key))
                .forEach(touched::add);
        return touched;
    }

    private DerivedObjects translate(
            SortedMap<ObjectKey, Config<?>> after, Lookup inForce, boolean routesOnly, Owners owned) {
        if (after.isEmpty()) {
            return new DerivedObjects(
                    options, after, new TreeMap<>(), Set.of(), mesh, Derived.NOTHING, Memo.EMPTY, owned);
        }
        // What is taken from the memo asks nothing, so that what was asked for it stays.
        Set<ObjectKey> keys = routesOnly ? new HashSet<>(asked) : new HashSet<>();
        Lookup noted = key -> {
            keys.add(key);
            return inForce.object(key);
        };
        MeshConfig config = MeshConfigMap.inForce(noted::object, options.rootNamespace(), mesh);
        GatewayTranslation.Result gateways = GatewayTranslation.translate(
                after.values(), noted, config, options, owned, routesOnly ? memo : Memo.EMPTY);
        Derived derived =
                gateways.derived().and(IngressTranslation.translate(after.values(), noted, config, options, owned));
        SortedMap<ObjectKey, Config<?>> objects = new TreeMap<>();
        derived.objects().stream()
                .filter(each -> MADE.contains(each.key().kind()))
                .forEach(each -> objects.putIfAbsent(each.key(), each));
        return new DerivedObjects(options, after, objects, keys, config, derived, gateways.memo(), owned);
    }
}
