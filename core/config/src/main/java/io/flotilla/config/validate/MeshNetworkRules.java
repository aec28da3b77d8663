package io.flotilla.config.validate;

import io.flotilla.api.mesh.v1alpha1.MeshNetworks;
import io.flotilla.api.mesh.v1alpha1.Network;
import io.flotilla.api.mesh.v1alpha1.Network.IstioNetworkGateway;
import io.flotilla.api.mesh.v1alpha1.Network.NetworkEndpoints;
import io.flotilla.config.schema.FieldPath;
import java.util.TreeMap;

/** Networks of the mesh: what is in each, and the gateways by which the others reach it (istio.mesh.v1alpha1.Network). */
final class MeshNetworkRules {
    private static final String CODE = "FL0806";

    /** As Istio names the registry of the cluster that a control plane runs in. */
    private static final String OWN_REGISTRY = "Kubernetes";

    private final Check check;

    MeshNetworkRules(Check check) {
        this.check = check;
    }

    /** What is wrong with networks that stand at a place. */
    void check(MeshNetworks networks, FieldPath at) {
        new TreeMap<>(networks.getNetworksMap())
                .forEach((name, network) -> check(network, at.field("networks").field(name)));
        FieldsWithoutEffect.check(networks, at, check);
    }

    private void check(Network network, FieldPath at) {
        for (int i = 0; i < network.getEndpointsCount(); i++) {
            endpoints(network.getEndpoints(i), at.field("endpoints").item(i));
        }
        for (int i = 0; i < network.getGatewaysCount(); i++) {
            gateway(network.getGateways(i), at.field("gateways").item(i));
        }
    }

    private void endpoints(NetworkEndpoints endpoints, FieldPath at) {
        switch (endpoints.getNeCase()) {
            case FROM_CIDR ->
                check.require(
                        Addresses.isIp(endpoints.getFromCidr()) || Addresses.isCidr(endpoints.getFromCidr()),
                        CODE,
                        at.field("fromCidr"),
                        "\"" + endpoints.getFromCidr() + "\" is no IP range");
            case FROM_REGISTRY -> {
                if (!endpoints.getFromRegistry().equals(OWN_REGISTRY)) {
                    check.warning(
                            CODE,
                            at.field("fromRegistry"),
                            "\"" + endpoints.getFromRegistry()
                                    + "\" holds no endpoints here, since a Galley reads one cluster, whose registry is \""
                                    + OWN_REGISTRY
                                    + "\"; give a range by fromCidr, or the endpoints' own network");
                }
            }
            case NE_NOT_SET -> check.warning(CODE, at, "has no effect without fromCidr or fromRegistry");
        }
    }

    private void gateway(IstioNetworkGateway gateway, FieldPath at) {
        switch (gateway.getGwCase()) {
            case ADDRESS -> {
                if (!Addresses.isIp(gateway.getAddress())) {
                    check.warning(
                            CODE,
                            at.field("address"),
                            "\"" + gateway.getAddress()
                                    + "\" is no IP address, and Envoy takes no names among endpoints:"
                                    + " this gateway is left out; give its address");
                }
            }
            // What is told of it is in FieldsWithoutEffect.
            case REGISTRY_SERVICE_NAME -> {}
            case GW_NOT_SET -> check.warning(CODE, at, "has no effect without an address");
        }
        new MeshAddresses(check).port(gateway.getPort(), at.field("port"));
    }
}
