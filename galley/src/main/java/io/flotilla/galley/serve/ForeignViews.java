package io.flotilla.galley.serve;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.foreign.ClassicNames;
import io.flotilla.config.foreign.TypeNames;
import io.flotilla.config.model.Kind;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.galley.state.Held;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What readers of another make are served: the same resources by other names, and the registry as configuration. */
final class ForeignViews {
    private final ForeignRegistry registry;
    private Merged entries = new Merged(ResourceSet.EMPTY, ResourceSet.EMPTY, ResourceSet.EMPTY);
    private Merged workloads = entries;
    private @Nullable MeshConfig mesh;
    private ResourceSet meshSet = ResourceSet.EMPTY;
    private final Map<Kind, UntypedResources> untyped = new HashMap<>();

    /** A union that stays the same object while its parts do. */
    private record Merged(ResourceSet rendered, ResourceSet own, ResourceSet union) {
        /** What a user wrote counts more than what is rendered under the same name. */
        Merged of(ResourceSet now, ResourceSet theirs) {
            return now == rendered && theirs == own
                    ? this
                    : new Merged(now, theirs, now.with(theirs.resources(), List.of()));
        }
    }

    ForeignViews(ForeignRegistry registry) {
        this.registry = registry;
    }

    /** Brings the unions up to date. */
    void update(Held held) {
        View view = held.view();
        entries = entries.of(registry.entries(), own(view, Kind.SERVICE_ENTRY));
        workloads = workloads.of(registry.workloads(), own(view, Kind.WORKLOAD_ENTRY));
        MeshConfig now = held.mesh().meshConfig();
        if (!now.equals(mesh)) {
            mesh = now;
            // Bare, without an envelope: so istiod reads it.
            meshSet = own(view, Kind.MESH_CONFIG).size() == 0
                    ? ResourceSet.EMPTY
                    : ResourceSet.of(List.of(Resource.of("mesh", now)));
        }
    }

    /** By type URL, every version of each kind. */
    View modern(Held held) {
        Map<String, ResourceSet> types = new HashMap<>();
        TypeNames.all()
                .forEach((name, kind) ->
                        types.put(name, kind.equals(Kind.MESH_CONFIG) ? meshSet : resources(held.view(), kind)));
        return new View(held.view().generation(), types);
    }

    /** By names of collections. */
    View classic(Held held) {
        Map<String, ResourceSet> types = new HashMap<>();
        ClassicNames.all()
                .forEach((name, kind) -> types.put(
                        name, ClassicNames.untyped(name) ? untyped(held.view(), kind) : resources(held.view(), kind)));
        return new View(held.view().generation(), types);
    }

    private ResourceSet untyped(View view, Kind kind) {
        return untyped.computeIfAbsent(kind, UntypedResources::new).of(own(view, kind));
    }

    private ResourceSet resources(View view, Kind kind) {
        if (kind.equals(Kind.SERVICE_ENTRY)) {
            return entries.union();
        }
        return kind.equals(Kind.WORKLOAD_ENTRY) ? workloads.union() : own(view, kind);
    }

    private static ResourceSet own(View view, Kind kind) {
        return Collections.of(kind)
                .map(collection -> view.type(collection.typeUrl()))
                .orElse(ResourceSet.EMPTY);
    }
}
