package io.flotilla.discovery.client;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects the responses of one stream until all types are at the same generation, and until that generation
 * dominates the one in force or has the same content. Not thread-safe.
 */
final class Assembly {
    private final Set<String> types;
    private final Map<String, ResourceSet> staged = new HashMap<>();
    private final Map<String, Generation> complete = new HashMap<>();
    private View view;
    private Groups asked = Groups.ALL;

    Assembly(Set<String> types, View view) {
        this.types = types;
        this.view = view;
        restart(asked);
    }

    /** What is in force. */
    View view() {
        return view;
    }

    /**
     * A new stream begins from what is in force; what was not complete is forgotten.
     *
     * @param groups that it asks for: of what is in force, others are gone once all of these are there
     */
    void restart(Groups groups) {
        asked = groups;
        staged.clear();
        complete.clear();
        types.forEach(type -> staged.put(type, groups.within(type, view.type(type))));
    }

    /** What this stream was opened for. */
    Groups asked() {
        return asked;
    }

    /** Whether what it was opened for is in force. */
    boolean settled() {
        return view.types().keySet().containsAll(types) && Groups.of(view).equals(asked);
    }

    /** What this stream's server thinks that the client has of a type. */
    ResourceSet staged(String typeUrl) {
        return staged.getOrDefault(typeUrl, ResourceSet.EMPTY);
    }

    void stage(String typeUrl, Collection<Resource> changed, Collection<String> removed) {
        staged.put(typeUrl, staged(typeUrl).with(changed, removed));
    }

    /** A response of a type has been staged. Versions of a foreign server say no generation: each stands alone. */
    Optional<Update> arrived(String typeUrl, String version) {
        Optional<StateVersion> told = StateVersion.parse(version);
        if (told.isEmpty()) {
            return commit(view.generation(), Set.of(typeUrl));
        }
        if (told.get().more()) {
            complete.remove(typeUrl);
            return Optional.empty();
        }
        Generation generation = told.get().generation();
        complete.put(typeUrl, generation);
        if (told.get().commits()) {
            // Of what was heard of on this stream: a type that was not yet answered is not told by others.
            complete.replaceAll((type, before) -> generation);
        }
        return whole() && (generation.dominates(view.generation()) || sameContent())
                ? commit(generation, types)
                : Optional.empty();
    }

    /** Whether a whole state is here that is not taken, being older than what is in force. */
    boolean heldBack() {
        return whole() && !complete.values().iterator().next().dominates(view.generation()) && !sameContent();
    }

    /** Takes a whole state though it is older. */
    Optional<Update> commitOlder() {
        return heldBack() ? commit(complete.values().iterator().next(), types) : Optional.empty();
    }

    /** Another replica that holds the very same is believed whatever it calls it: nothing goes back. */
    private boolean sameContent() {
        return types.stream()
                .allMatch(type ->
                        ResourceDiff.between(view.type(type), staged(type)).isEmpty());
    }

    private boolean whole() {
        return complete.size() == types.size() && Set.copyOf(complete.values()).size() == 1;
    }

    private Optional<Update> commit(Generation generation, Set<String> which) {
        Map<String, ResourceDiff> changes = new TreeMap<>();
        Map<String, ResourceSet> next = new HashMap<>(view.types());
        for (String type : which) {
            ResourceDiff diff = ResourceDiff.between(view.type(type), staged(type));
            if (!diff.isEmpty()) {
                changes.put(type, diff);
            }
            next.put(type, staged(type));
        }
        boolean first = !view.types().keySet().containsAll(which);
        boolean same = generation.equals(view.generation()) && changes.isEmpty() && !first && settled();
        view = asked.view(generation, next);
        return same ? Optional.empty() : Optional.of(new Update(view, changes));
    }
}
