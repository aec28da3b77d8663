package io.flotilla.envoy.patch;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.FilterClass;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.envoy.revocation.RevokedPeers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where an added filter belongs among those that translation makes: after authentication, after authorization, or right
 * before what ends the list. Envoy has the same phases for requests and for connections, with filters of its own each.
 *
 * @param authentication names of the filters that say who calls
 * @param authorization  names of the filters that say what callers may
 */
record FilterPhases(Set<String> authentication, Set<String> authorization) {
    /** Of requests. */
    static final FilterPhases HTTP = new FilterPhases(
            Set.of(RevokedPeers.HTTP, "envoy.filters.http.jwt_authn"),
            Set.of("envoy.filters.http.rbac", "envoy.filters.http.ext_authz"));

    /** Of connections: TLS says who calls, and the first filters remember it. */
    static final FilterPhases NETWORK = new FilterPhases(
            Set.of(RevokedPeers.TCP, "envoy.filters.network.set_filter_state"),
            Set.of("envoy.filters.network.rbac", "envoy.filters.network.ext_authz"));

    /**
     * The index for a new filter. AUTHN is after the mesh's authentication, AUTHZ after its authorization, both first
     * where there is none, and both behind what earlier patches added in the same way; everything else is right before
     * the filter that none may stand behind.
     *
     * @param names of the filters that are there, in their order
     */
    int place(Patch.Change change, List<String> names) {
        Set<String> before = new HashSet<>(change.earlier());
        return switch (change.filterClass()) {
            case AUTHN -> {
                before.addAll(authentication);
                yield after(names, before);
            }
            case AUTHZ -> {
                before.addAll(authentication);
                before.addAll(authorization);
                yield after(names, before);
            }
            case STATS, UNSPECIFIED, UNRECOGNIZED ->
                names.isEmpty() || !FilterNames.LAST.contains(names.getLast()) ? names.size() : names.size() - 1;
        };
    }

    /** The patches, each of which knows what those before it add in its phase, or in one that comes first. */
    static List<Patch> ordered(List<Patch> patches) {
        List<Patch> ordered = new ArrayList<>(patches.size());
        for (Patch patch : patches) {
            Set<String> earlier = new HashSet<>();
            if (classed(patch)) {
                ordered.stream()
                        .filter(each -> each.to() == patch.to() && classed(each))
                        .filter(each -> phase(each) <= phase(patch))
                        .forEach(each -> earlier.add(FilterNames.of(each.value())));
            }
            ordered.add(earlier.isEmpty() ? patch : patch.behind(earlier));
        }
        return ordered;
    }

    private static boolean classed(Patch patch) {
        return patch.operation() == Operation.ADD
                && (phase(patch) == FilterClass.AUTHN_VALUE || phase(patch) == FilterClass.AUTHZ_VALUE);
    }

    private static int phase(Patch patch) {
        return patch.change().filterClass() == FilterClass.UNRECOGNIZED
                ? FilterClass.UNSPECIFIED_VALUE
                : patch.change().filterClass().getNumber();
    }

    private static int after(List<String> names, Set<String> before) {
        for (int i = names.size(); i > 0; i--) {
            if (before.contains(names.get(i - 1))) {
                return i;
            }
        }
        return 0;
    }
}
