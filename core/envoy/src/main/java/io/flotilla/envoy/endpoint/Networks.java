package io.flotilla.envoy.endpoint;

import io.flotilla.api.mesh.v1alpha1.MeshNetworks;
import io.flotilla.api.mesh.v1alpha1.Network;
import io.flotilla.config.snapshot.MeshEndpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a client reaches endpoints of other networks: through their gateways, over mesh TLS whose server name tells the
 * gateway where to. An endpoint without mesh TLS cannot be reached so. Where a network has no gateway, its addresses are
 * taken to be reachable.
 */
final class Networks {
    private static final int USUAL_PORT = 15443;

    private final MeshNetworks networks;
    private final String own;

    /** Seen from a client in the network {@code own}, empty where it does not tell. */
    Networks(MeshNetworks networks, String own) {
        this.networks = networks;
        this.own = own;
    }

    /** What stands behind one gateway address. */
    private record Remote(String network, String locality) {}

    /** The endpoints as the client meets them. */
    List<MeshEndpoint> reached(List<MeshEndpoint> endpoints) {
        if (networks.getNetworksCount() == 0) {
            return endpoints;
        }
        List<MeshEndpoint> reached = new ArrayList<>();
        Map<String, Map<Remote, Integer>> remote = new TreeMap<>();
        int scale = scale();
        for (MeshEndpoint endpoint : endpoints) {
            String network = network(endpoint);
            if (near(network) || gateways(network).isEmpty()) {
                reached.add(scale == 1 ? endpoint : weighing(endpoint, endpoint.weight() * scale));
            } else if (endpoint.meshTls() && endpoint.health() == MeshEndpoint.Health.HEALTHY) {
                remote.computeIfAbsent(
                                endpoint.locality(), locality -> new TreeMap<>(Comparator.comparing(Remote::network)))
                        .merge(new Remote(network, endpoint.locality()), endpoint.weight(), Integer::sum);
            }
        }
        remote.values()
                .forEach(each -> each.forEach((where, weight) -> {
                    List<Network.IstioNetworkGateway> gateways = gateways(where.network());
                    gateways.forEach(gateway ->
                            reached.add(through(gateway, where, Math.max(1, weight * scale / gateways.size()))));
                }));
        return List.copyOf(reached);
    }

    /** The endpoints to which a gateway of this network passes mesh TLS on. */
    List<MeshEndpoint> inside(List<MeshEndpoint> endpoints) {
        return endpoints.stream()
                .filter(MeshEndpoint::meshTls)
                .filter(endpoint -> near(network(endpoint)))
                .toList();
    }

    private boolean near(String network) {
        return own.isEmpty() || network.isEmpty() || own.equals(network);
    }

    private String network(MeshEndpoint endpoint) {
        return NetworkNames.of(
                networks,
                endpoint.network(),
                endpoint.addresses(),
                !endpoint.workload().isEmpty());
    }

    /** Those with an address, since Envoy takes no names among endpoints. */
    private List<Network.IstioNetworkGateway> gateways(String network) {
        return networks.getNetworksOrDefault(network, Network.getDefaultInstance()).getGatewaysList().stream()
                .filter(gateway -> AddressRange.parse(gateway.getAddress()).isPresent())
                .toList();
    }

    // Several gateways share what stands behind them; all weights grow so that the shares are whole numbers.
    private int scale() {
        int scale = 1;
        for (String network : networks.getNetworksMap().keySet()) {
            int count = Math.max(1, gateways(network).size());
            scale = scale / gcd(scale, count) * count;
        }
        return scale;
    }

    private static int gcd(int one, int other) {
        return other == 0 ? one : gcd(other, one % other);
    }

    private static MeshEndpoint through(Network.IstioNetworkGateway gateway, Remote where, int weight) {
        return new MeshEndpoint(
                List.of(gateway.getAddress()),
                gateway.getPort() == 0 ? USUAL_PORT : gateway.getPort(),
                Map.of(),
                "",
                "",
                "",
                where.locality().isEmpty() ? gateway.getLocality() : where.locality(),
                where.network(),
                weight,
                MeshEndpoint.Health.HEALTHY,
                true);
    }

    private static MeshEndpoint weighing(MeshEndpoint endpoint, int weight) {
        return new MeshEndpoint(
                endpoint.addresses(),
                endpoint.port(),
                endpoint.labels(),
                endpoint.workload(),
                endpoint.serviceAccount(),
                endpoint.namespace(),
                endpoint.locality(),
                endpoint.network(),
                weight,
                endpoint.health(),
                endpoint.meshTls());
    }
}
