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
import java.util.Set;
import java.util.TreeMap;

/**
 * What proxies do without, identity by identity. What one identity's Envoys refuse is left out for that identity; for
 * all that have not taken it when a second witness refuses it too, so that one broken or hostile proxy takes nothing
 * away from the mesh. Witnesses of a namespace's own filter are identities, of one that reaches other namespaces the
 * namespaces: who owns one has as many service accounts there as it likes. Not for several threads.
 */
final class Quarantines {
    private static final int WITNESSES = 2;
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
        return concerned(refusals(identity).accepted(told, typeUrl, doubted));
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
            boolean own = source.object().namespace().equals(identity.namespace());
            witnesses
                    .computeIfAbsent(source, key -> new HashSet<>())
                    .add(own ? identity.namespace() + "/" + identity.serviceAccount() : identity.namespace());
            messages.putIfAbsent(source, message);
        }));
        messages.keySet()
                .removeIf(source -> witnesses.getOrDefault(source, Set.of()).size() < WITNESSES);
        if (messages.equals(everywhere)) {
            return false;
        }
        everywhere = Map.copyOf(messages);
        return true;
    }
}
