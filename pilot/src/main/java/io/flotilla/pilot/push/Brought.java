package io.flotilla.pilot.push;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.View;
import io.flotilla.envoy.patch.PatchNotes;
import io.flotilla.envoy.patch.PatchSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a proxy says that it holds when it comes: whatever is as it would be told now, it has taken before. */
final class Brought {
    private Brought() {}

    /**
     * The patches in resources that the proxy holds unchanged.
     *
     * @param view  that it is told, or would be
     * @param notes of that view
     * @param held  versions by resource, or of the whole type
     */
    static Set<PatchSource> taken(View view, PatchNotes notes, String typeUrl, Map<String, String> held) {
        ResourceSet set = view.type(typeUrl);
        boolean whole = StateVersion.parse(held.getOrDefault(DiscoverySource.WHOLE_TYPE, ""))
                .filter(version -> !version.more() && version.hash().equals(set.version()))
                .isPresent();
        if (whole) {
            return Refusals.touched(notes, typeUrl);
        }
        List<String> same = set.resources().stream()
                .filter(resource -> Refusals.patched(notes, typeUrl, resource.name()))
                .filter(resource ->
                        resource.version().equals(Resource.withoutStamp(held.getOrDefault(resource.name(), ""))))
                .map(Resource::name)
                .toList();
        return Refusals.touched(Refusals.within(notes, typeUrl, same), typeUrl);
    }
}
