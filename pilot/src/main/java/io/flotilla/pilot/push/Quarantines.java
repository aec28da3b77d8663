package io.flotilla.pilot.push;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.patch.PatchNotes;
import io.flotilla.envoy.patch.PatchSource;
import io.flotilla.envoy.patch.Quarantine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What proxies do without, identity by identity. What one identity's Envoys refuse is left out for that identity; for
 * all that have not taken it when other witnesses refuse it too, so that one broken or hostile proxy takes nothing away
 * from the mesh. Witnesses of a namespace's own filter are two identities; of one that reaches other namespaces three
 * namespaces, since who owns one has as many service accounts there as it likes, and more of them than have taken it.
 * Not for several threads.
 */
final class Quarantines {
    private static final int IDENTITIES = 2;
    private static final int NAMESPACES = 3;
    // Identities without anything refused are forgotten beyond this; so are, the oldest first, those with.
    private static final int MOST = 10_000;

    private final Map<Identity, Refusals> all = new LinkedHashMap<>();
    private Map<PatchSource, String> everywhere = Map.of();

    /** Whose Envoys: verified where the port is secured, else as the registry or the node says. */
    record Identity(String namespace, String serviceAccount) {
        static Identity of(ProxyView view) {
            return new Identity(view.namespace(), view.workload().serviceAccount());
        }
    }

    /** Whose views are to be made again. */
    enum Concerned {
        NOBODY,
        IDENTITY,
        EVERYBODY
    }

    /** What an identity's proxies do without. */
    Quarantine of(Identity identity) {
        Refusals own = all.get(identity);
        if (own == null) {
            return everywhere.isEmpty() ? Quarantine.EMPTY : new Quarantine(everywhere);
        }
        if (everywhere.isEmpty()) {
            return own.quarantine();
        }
        Map<PatchSource, String> out = new HashMap<>(everywhere);
        out.keySet().removeIf(own::took);
        out.putAll(own.quarantine().refused());
        return new Quarantine(out);
    }

    /** A proxy took what it was told; see {@link Refusals#accepted}. */
    Concerned accepted(Identity identity, PatchNotes told, String typeUrl, Set<PatchSource> doubted) {
        Refusals own = refusals(identity);
        int before = own.proofs();
        boolean changed = own.accepted(told, typeUrl, doubted);
        return concerned(changed || (!everywhere.isEmpty() && own.proofs() > before));
    }

    /** A proxy came with contents that it has taken before, here or elsewhere. */
    Concerned brought(Identity identity, String typeUrl, Set<PatchSource> taken) {
        return taken.isEmpty()
                ? Concerned.NOBODY
                : concerned(refusals(identity).brought(typeUrl, taken) && !everywhere.isEmpty());
    }

    /** What its proxies would do without if only they were asked; empty where that is what they do without. */
    Optional<Quarantine> alone(Identity identity) {
        Refusals own = all.get(identity);
        boolean others = everywhere.keySet().stream().anyMatch(source -> own == null || !own.took(source));
        return others ? Optional.of(own == null ? Quarantine.EMPTY : own.quarantine()) : Optional.empty();
    }

    /** A proxy refused what it was told; see {@link Refusals#rejected}. */
    Concerned rejected(Identity identity, MeshSnapshot snapshot, PatchNotes told, String typeUrl, String message) {
        return concerned(refusals(identity).rejected(snapshot, told, typeUrl, message));
    }

    /** Whose patches may be why, as far as that identity knows. */
    Set<PatchSource> suspects(Identity identity, PatchNotes told, String typeUrl, String message) {
        return refusals(identity).suspects(told, typeUrl, message);
    }

    /** Time has passed. */
    Concerned age() {
        boolean any = false;
        for (Refusals each : all.values()) {
            any |= each.age();
        }
        boolean others = witnessed();
        return any || others ? Concerned.EVERYBODY : Concerned.NOBODY;
    }

    /** Forgets contents that are not in force any more. */
    void forget(MeshSnapshot snapshot) {
        all.values().forEach(each -> each.forget(snapshot));
        all.values().removeIf(Refusals::idle);
        witnessed();
    }

    /** Objects that proxies do without, and why. */
    Map<ObjectKey, String> leftOut() {
        Map<ObjectKey, String> out = new TreeMap<>();
        all.forEach((identity, refusals) -> refusals.quarantine()
                .refused()
                .forEach((source, message) -> out.putIfAbsent(
                        source.object(),
                        everywhere.containsKey(source)
                                ? message
                                : message + " (left out for " + identity.namespace() + "/" + identity.serviceAccount()
                                        + " alone until others refuse it too)")));
        return out;
    }

    private Concerned concerned(boolean changed) {
        if (!changed) {
            return Concerned.NOBODY;
        }
        return witnessed() ? Concerned.EVERYBODY : Concerned.IDENTITY;
    }

    private Refusals refusals(Identity identity) {
        if (all.size() >= MOST && !all.containsKey(identity)) {
            all.values().removeIf(Refusals::idle);
            if (all.size() >= MOST) {
                all.remove(all.keySet().iterator().next());
            }
        }
        return all.computeIfAbsent(identity, key -> new Refusals());
    }

    // Whether what all do without is another than before.
    private boolean witnessed() {
        Map<PatchSource, Set<String>> witnesses = new HashMap<>();
        Map<PatchSource, String> messages = new HashMap<>();
        all.forEach((identity, refusals) -> refusals.convicted().forEach((source, message) -> {
            witnesses.computeIfAbsent(source, key -> new HashSet<>()).add(witness(source, identity));
            messages.putIfAbsent(source, message);
        }));
        messages.keySet().removeIf(source -> !enough(source, witnesses.getOrDefault(source, Set.of())));
        if (messages.equals(everywhere)) {
            return false;
        }
        everywhere = Map.copyOf(messages);
        return true;
    }

    private static String witness(PatchSource source, Identity identity) {
        boolean own = source.object().namespace().equals(identity.namespace());
        return own ? identity.namespace() + "/" + identity.serviceAccount() : identity.namespace();
    }

    private boolean enough(PatchSource source, Set<String> witnesses) {
        String owner = source.object().namespace();
        if (witnesses.stream().allMatch(witness -> witness.startsWith(owner + "/"))) {
            return witnesses.size() >= IDENTITIES;
        }
        Set<String> took = new HashSet<>();
        all.forEach((identity, refusals) -> {
            if (refusals.took(source)) {
                took.add(witness(source, identity));
            }
        });
        return witnesses.size() >= NAMESPACES && witnesses.size() > took.size();
    }
}
