package io.flotilla.pilot.push;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.ResourceType;
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

/**
 * EnvoyFilters that some Envoy refused. Such a content is out for all proxies until the object is changed; contents that
 * were taken are not suspected when another is refused with them. Not for several threads.
 */
final class Refusals {
    private static final System.Logger LOG = System.getLogger(Refusals.class.getName());

    private final Set<PatchSource> proven = new HashSet<>();
    private Quarantine quarantine = Quarantine.EMPTY;

    Quarantine quarantine() {
        return quarantine;
    }

    /** A proxy took what it was told. */
    void accepted(EnvoyResources told, String typeUrl) {
        type(typeUrl)
                .map(type -> told.notes().touched().getOrDefault(type, Map.of()))
                .ifPresent(touched ->
                        touched.values().stream().flatMap(Collection::stream).forEach(proven::add));
    }

    /** A proxy refused what it was told; true where that puts some object into quarantine. */
    boolean rejected(EnvoyResources told, String typeUrl, String message) {
        Optional<ResourceType> type = type(typeUrl);
        if (type.isEmpty()) {
            return false;
        }
        Map<PatchSource, String> refused = new HashMap<>(quarantine.refused());
        boolean more = false;
        for (PatchSource source : Suspects.of(told.notes(), type.get(), message, proven)) {
            if (refused.putIfAbsent(source, message) == null) {
                more = true;
                LOG.log(Level.WARNING, source.object() + " is left out until it is changed: Envoy refused " + message);
            }
        }
        quarantine = new Quarantine(refused);
        return more;
    }

    /** Forgets contents that are not in force any more. */
    void forget(MeshSnapshot snapshot) {
        if (quarantine.refused().isEmpty() && proven.isEmpty()) {
            return;
        }
        proven.removeIf(source -> !holds(snapshot, source));
        Map<PatchSource, String> refused = new HashMap<>(quarantine.refused());
        if (refused.keySet().removeIf(source -> !holds(snapshot, source))) {
            quarantine = new Quarantine(refused);
        }
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
