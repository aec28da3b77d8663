package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.ServicePort;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.config.schema.FieldPath;
import java.util.Set;
import java.util.stream.Collectors;

/** Endpoints of a ServiceEntry, by how these are found. */
final class ServiceEntryEndpointRules {
    private static final String UNIX = "unix://";

    private final Check check;

    ServiceEntryEndpointRules(Check check) {
        this.check = check;
    }

    void check(ServiceEntry entry, FieldPath at) {
        FieldPath endpoints = at.field("endpoints");
        boolean selected = entry.hasWorkloadSelector();
        if (selected) {
            check.require(
                    entry.getEndpointsCount() == 0,
                    "FL0404",
                    endpoints,
                    "cannot be given together with \"workloadSelector\"");
            check.labels(
                    entry.getWorkloadSelector().getLabelsMap(),
                    at.field("workloadSelector").field("labels"));
        }
        switch (entry.getResolution()) {
            case NONE, UNRECOGNIZED ->
                check.require(entry.getEndpointsCount() == 0, "FL0404", endpoints, "need a resolution, STATIC or DNS");
            case STATIC ->
                check.require(
                        selected || entry.getEndpointsCount() > 0,
                        "FL0404",
                        endpoints,
                        "is required for resolution STATIC");
            case DNS_ROUND_ROBIN ->
                check.require(
                        entry.getEndpointsCount() <= 1,
                        "FL0404",
                        endpoints,
                        "takes one for resolution DNS_ROUND_ROBIN");
            case DYNAMIC_DNS ->
                check.require(
                        !selected && entry.getEndpointsCount() == 0,
                        "FL0404",
                        endpoints,
                        "are not used with resolution DYNAMIC_DNS, which looks each host up as it is called");
            case DNS -> {
                // Endpoints, or the hosts themselves: checked with the hosts.
            }
        }
        Set<String> portNames =
                entry.getPortsList().stream().map(ServicePort::getName).collect(Collectors.toSet());
        for (int i = 0; i < entry.getEndpointsCount(); i++) {
            endpoint(entry, entry.getEndpoints(i), portNames, endpoints.item(i));
        }
    }

    private void endpoint(ServiceEntry entry, WorkloadEntry endpoint, Set<String> portNames, FieldPath at) {
        String address = endpoint.getAddress();
        boolean unix = address.startsWith(UNIX);
        boolean fits = switch (entry.getResolution()) {
            case STATIC -> Addresses.isIp(address) || (unix && isSocket(address.substring(UNIX.length())));
            case DNS, DNS_ROUND_ROBIN -> Addresses.isIp(address) || Names.isHost(address);
            case NONE, DYNAMIC_DNS, UNRECOGNIZED -> true;
        };
        check.require(
                fits,
                "FL0404",
                at.field("address"),
                address.isEmpty()
                        ? "is required"
                        : "\"" + address + "\" does not fit resolution "
                                + entry.getResolution().name());
        if (unix) {
            check.require(
                    entry.getPortsCount() == 1 && endpoint.getPortsCount() == 0,
                    "FL0404",
                    at,
                    "a UNIX socket has no ports, and serves an entry with one port");
        }
        endpoint.getPortsMap().forEach((name, number) -> {
            FieldPath place = at.field("ports").field(name);
            check.require(portNames.contains(name), "FL0404", place, "no port of the entry is named \"" + name + "\"");
            check.port(number, place);
        });
        check.labels(endpoint.getLabelsMap(), at.field("labels"));
    }

    private static boolean isSocket(String path) {
        return path.startsWith("/") || (path.startsWith("@") && path.length() > 1);
    }
}
