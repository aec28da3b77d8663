package io.flotilla.config.analysis.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Listeners and addresses of Gateways. */
final class Listeners implements Check {
    private static final Entry SAME = Entry.warning(
                    "FA1103", "two Gateways of a class listen for the same host on the same port and address", """
                    Both Gateways want port, protocol and host name of one address, which only one of them can have.
                    Requests may reach either. Merge the listeners into one Gateway, or give them different hosts or
                    addresses.""")
            .kiali("KIA1501", "KIA1503");
    private static final Entry ADDRESS = Entry.warning("FA1104", "two Gateways ask for the same address", """
                    An address can be given to one Gateway only; the other is not programmed. Give one of them another
                    address, or merge the Gateways.""")
            .kiali("KIA1502");
    private static final Entry CLASS = Entry.error("FA1105", "a Gateway names a GatewayClass that does not exist", """
                    Without its class no controller takes care of the Gateway and nothing listens. Use the class of this
                    mesh (istio, flotilla), or create the GatewayClass.""")
            .kiali("KIA1504");
    private static final Set<String> BUILT_IN = Set.of("istio", "istio-remote", "istio-waypoint", "flotilla");

    @Override
    public List<Entry> entries() {
        return List.of(SAME, ADDRESS, CLASS);
    }

    private record Place(Config<Gateway> gateway, int index) {}

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, List<Place>> listeners = new TreeMap<>();
        Map<String, List<Place>> addresses = new TreeMap<>();
        for (Config<Gateway> gateway : mesh.all(GatewayApi.GATEWAY, Gateway.class)) {
            Gateway spec = gateway.spec();
            String name = spec.getGatewayClassName();
            if (!BUILT_IN.contains(name)
                    && mesh.find(GatewayApi.GATEWAY_CLASS, "", name).isEmpty()) {
                findings.report(
                        CLASS,
                        gateway,
                        Paths.SPEC.field("gatewayClassName"),
                        "there is no GatewayClass \"" + name + "\"");
            }
            String where = spec.getAddressesList().stream()
                    .map(Gateway.Address::getValue)
                    .sorted()
                    .collect(Collectors.joining(","));
            for (int i = 0; i < spec.getAddressesCount(); i++) {
                addresses
                        .computeIfAbsent(spec.getAddresses(i).getValue(), key -> new ArrayList<>(1))
                        .add(new Place(gateway, i));
            }
            // Without addresses each Gateway gets its own.
            for (int i = 0; i < spec.getListenersCount() && !where.isEmpty(); i++) {
                Listener listener = spec.getListeners(i);
                String key =
                        name + " " + where + " port " + listener.getPort() + " host \"" + listener.getHostname() + "\"";
                listeners.computeIfAbsent(key, each -> new ArrayList<>(1)).add(new Place(gateway, i));
            }
        }
        report(SAME, "listeners", listeners, findings);
        report(ADDRESS, "addresses", addresses, findings);
    }

    private static void report(Entry entry, String field, Map<String, List<Place>> places, Findings findings) {
        places.forEach((key, same) -> {
            for (Place place : same) {
                same.stream()
                        .filter(other ->
                                !other.gateway().key().equals(place.gateway().key()))
                        .findFirst()
                        .ifPresent(other -> findings.report(
                                entry,
                                place.gateway(),
                                Paths.item(field, place.index()),
                                key.substring(key.indexOf(' ') + 1) + " is also wanted by Gateway "
                                        + other.gateway().key().resourceName()));
            }
        });
    }
}
