package io.flotilla.pilot.push;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.patch.PatchNotes;
import io.flotilla.envoy.patch.PatchSource;
import io.flotilla.envoy.patch.Quarantine;
import io.flotilla.envoy.patch.Suspects;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * EnvoyFilters that Envoys of one identity refused. Such a content is out for them until the object is changed; contents
 * that were taken are not suspected when another is refused with them. Where several may be the cause all of them go out at
 * once, and come back on {@link Trials trial}. Not for several threads.
 */
final class Refusals {
    private static final System.Logger LOG = System.getLogger(Refusals.class.getName());

    private final Set<Proof> proven = new HashSet<>();
    private final Map<PatchSource, String> refused = new HashMap<>();
    private final Trials trials = new Trials();
    private Quarantine quarantine = Quarantine.EMPTY;
    // What was refused last: trials begin when good configuration of that type is in.
    private @Nullable ResourceType disputed;

    /** Some Envoy took resources of this type that the content had changed. */
    private record Proof(ResourceType type, PatchSource source) {}

    /** What is left out at this moment. */
    Quarantine quarantine() {
        return quarantine;
    }

    /**
     * A proxy took what it was told.
     *
     * @param told    of the response that it answers
     * @param doubted contents that this proxy's acceptance says nothing of
     * @return whether something comes back from quarantine
     */
    boolean accepted(PatchNotes told, String typeUrl, Set<PatchSource> doubted) {
        Optional<ResourceType> type = type(typeUrl);
        if (type.isEmpty()) {
            return false;
        }
        Set<PatchSource> taken = touched(told, type.get());
        taken.stream()
                .filter(source -> !doubted.contains(source))
                .forEach(source -> proven.add(new Proof(type.get(), source)));
        if (!trials.current().isEmpty()
                && trials.current().stream().allMatch(source -> touches(told, source) && proven(told, source))) {
            trials.current()
                    .forEach(source -> LOG.log(Level.INFO, source.object() + " is back: Envoy took it by itself"));
            refused.keySet().removeAll(trials.current());
            trials.passed();
            trials.begin();
            renew();
            return !trials.current().isEmpty();
        }
        boolean clean = taken.stream().noneMatch(refused::containsKey);
        if (clean && type.get() == disputed && trials.begin()) {
            renew();
            return true;
        }
        return false;
    }

    /**
     * A proxy refused what it was told.
     *
     * @param told of the response that it answers, which may be an older one
     * @return whether that changes what is in quarantine
     */
    boolean rejected(MeshSnapshot snapshot, PatchNotes told, String typeUrl, String message) {
        Set<PatchSource> suspects = new TreeSet<>(suspects(told, typeUrl, message));
        suspects.removeIf(source -> !holds(snapshot, source));
        if (suspects.isEmpty() || suspects.stream().anyMatch(quarantine.refused()::containsKey)) {
            // Nothing to blame, or what is to blame was taken out after this response had been sent.
            return false;
        }
        Set<PatchSource> failed = new TreeSet<>(suspects);
        failed.retainAll(trials.current());
        Set<PatchSource> fresh = new TreeSet<>(suspects);
        fresh.removeAll(trials.current());
        suspects.stream()
                .filter(source -> refused.put(source, message) == null || suspects.size() == 1)
                .forEach(source -> LOG.log(
                        Level.WARNING,
                        source.object() + " is left out until it is changed"
                                + (suspects.size() > 1 ? " or found to be innocent" : "")
                                + ": Envoy refused " + message));
        disputed = type(typeUrl).orElse(null);
        if (!failed.isEmpty()) {
            trials.failed(failed);
        }
        trials.suspected(fresh);
        renew();
        return true;
    }

    /** Contents of which it is certain, as far as these proxies are honest: nothing of them is to be tried. */
    Map<PatchSource, String> convicted() {
        Map<PatchSource, String> certain = new HashMap<>(refused);
        certain.keySet().removeAll(trials.pending());
        return certain;
    }

    /**
     * A proxy came with contents that it had taken before, of us or of another replica.
     *
     * @return whether any of them was not known to be taken
     */
    boolean brought(String typeUrl, Set<PatchSource> taken) {
        boolean news = false;
        for (PatchSource source : taken) {
            news |= !refused.containsKey(source)
                    && type(typeUrl)
                            .map(type -> proven.add(new Proof(type, source)))
                            .orElse(false);
        }
        return news;
    }

    /** How often something was taken that had not been before, but for what is forgotten. */
    int proofs() {
        return proven.size();
    }

    /** Whether these proxies took the content, in any type. */
    boolean took(PatchSource source) {
        return proven.stream().anyMatch(proof -> proof.source().equals(source));
    }

    /** Whether there is nothing that would have to be found out again. */
    boolean idle() {
        return refused.isEmpty() && proven.isEmpty();
    }

    /** Whose patches may be why; empty where the message does not say. */
    Set<PatchSource> suspects(PatchNotes told, String typeUrl, String message) {
        return type(typeUrl)
                .map(type -> Suspects.of(
                        told,
                        type,
                        message,
                        proven.stream()
                                .filter(proof -> proof.type() == type)
                                .map(Proof::source)
                                .collect(Collectors.toSet())))
                .orElse(Set.of());
    }

    /** Time has passed: a trial that nobody answered does not keep the others waiting. True where one comes back. */
    boolean age() {
        if (trials.overdue()) {
            refused.keySet().removeAll(trials.current());
            trials.passed();
            trials.begin();
            renew();
            return true;
        }
        return false;
    }

    /** Forgets contents that are not in force any more. */
    void forget(MeshSnapshot snapshot) {
        proven.removeIf(proof -> !holds(snapshot, proof.source()));
        refused.keySet().removeIf(source -> !holds(snapshot, source));
        trials.retain(refused.keySet());
        renew();
    }

    private void renew() {
        Map<PatchSource, String> out = new HashMap<>(refused);
        out.keySet().removeAll(trials.current());
        if (!out.equals(quarantine.refused())) {
            quarantine = new Quarantine(out);
        }
    }

    private boolean proven(PatchNotes told, PatchSource source) {
        return told.touched().keySet().stream()
                .filter(type -> touched(told, type).contains(source))
                .allMatch(type -> proven.contains(new Proof(type, source)));
    }

    private static boolean touches(PatchNotes told, PatchSource source) {
        return told.touched().keySet().stream()
                .anyMatch(type -> touched(told, type).contains(source));
    }

    /** The notes of what was in one response: only that can be why it was refused. */
    static PatchNotes within(PatchNotes told, String typeUrl, Collection<String> names) {
        Optional<ResourceType> type = type(typeUrl);
        if (type.isEmpty()) {
            return PatchNotes.NONE;
        }
        Set<String> sent = names.stream().map(name -> whole(typeUrl, name)).collect(Collectors.toSet());
        Map<String, Set<PatchSource>> touched = new HashMap<>(told.touched().getOrDefault(type.get(), Map.of()));
        touched.keySet().retainAll(sent);
        return new PatchNotes(Map.of(type.get(), touched), told.problems());
    }

    /** Whether some patch changed the resource of that name. */
    static boolean patched(PatchNotes told, String typeUrl, String name) {
        return type(typeUrl)
                .map(type -> told.touched().getOrDefault(type, Map.of()).containsKey(whole(typeUrl, name)))
                .orElse(false);
    }

    // Virtual hosts are patched with the route configuration that they are named by.
    private static String whole(String typeUrl, String name) {
        return typeUrl.equals(TypeUrls.VIRTUAL_HOST) ? name.substring(0, Math.max(0, name.indexOf('/'))) : name;
    }

    static Set<PatchSource> touched(PatchNotes told, String typeUrl) {
        return type(typeUrl).map(type -> touched(told, type)).orElse(Set.of());
    }

    private static Set<PatchSource> touched(PatchNotes told, ResourceType type) {
        return told.touched().getOrDefault(type, Map.of()).values().stream()
                .flatMap(Collection::stream)
                .collect(Collectors.toSet());
    }

    private static boolean holds(MeshSnapshot snapshot, PatchSource source) {
        return snapshot.extensions().envoyFilters(source.object().namespace()).stream()
                .anyMatch(config ->
                        config.key().equals(source.object()) && config.version().equals(source.version()));
    }

    private static Optional<ResourceType> type(String typeUrl) {
        return Optional.ofNullable(
                switch (typeUrl) {
                    case TypeUrls.LISTENER -> ResourceType.LISTENER;
                    case TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST -> ResourceType.ROUTE;
                    case TypeUrls.CLUSTER -> ResourceType.CLUSTER;
                    case TypeUrls.EXTENSION -> ResourceType.EXTENSION;
                    default -> null;
                });
    }
}
