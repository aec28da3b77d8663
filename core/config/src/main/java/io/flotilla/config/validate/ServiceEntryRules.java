package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.ServiceEntry.Resolution;
import io.flotilla.api.networking.v1alpha3.ServicePort;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a ServiceEntry must be. */
final class ServiceEntryRules {
    /** What today's schema allows. */
    private static final int MAX_ITEMS = 256;

    private ServiceEntryRules() {}

    static void check(Config<ServiceEntry> config, Check check) {
        ServiceEntry entry = config.spec();
        FieldPath at = Check.spec();
        check.exportTo(entry.getExportToList(), at.field("exportTo"));
        hosts(entry, at, check);
        addresses(entry, at, check);
        ports(entry, at, check);
        new ServiceEntryEndpointRules(check).check(entry, at);
        boolean opaque = entry.getPortsList().stream()
                .map(port -> Protocols.parse(port.getProtocol()).orElse(Protocol.TCP))
                .anyMatch(each -> !each.isHttp() && each != Protocol.HTTPS && each != Protocol.TLS);
        if (entry.getHostsCount() > 1 && opaque && entry.getResolution() != Resolution.NONE) {
            String message =
                    "several hosts with ports that are neither HTTP nor TLS: nothing tells their traffic apart";
            if (check.classic()) {
                check.error("FL0401", at.field("hosts"), message);
            } else if (entry.getAddressesCount() == 0) {
                check.warning("FL0401", at.field("hosts"), message);
            }
        }
    }

    private static void hosts(ServiceEntry entry, FieldPath at, Check check) {
        check.require(entry.getHostsCount() > 0, "FL0401", at.field("hosts"), "is required");
        check.require(
                entry.getHostsCount() <= MAX_ITEMS,
                "FL0401",
                at.field("hosts"),
                "has " + entry.getHostsCount() + " hosts; at most " + MAX_ITEMS);
        boolean byName = entry.getResolution() == Resolution.DNS || entry.getResolution() == Resolution.DNS_ROUND_ROBIN;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < entry.getHostsCount(); i++) {
            String host = entry.getHosts(i);
            FieldPath place = at.field("hosts").item(i);
            if (host.equals("*")) {
                check.error("FL0401", place, "\"*\" would be every host");
            } else {
                check.wildcardHost(host, "FL0401", place);
            }
            check.require(seen.add(host), "FL0401", place, "\"" + host + "\" is given twice");
            boolean resolvable = !byName || entry.getEndpointsCount() > 0 || !host.startsWith("*");
            check.require(
                    resolvable,
                    "FL0405",
                    place,
                    "\"" + host + "\" cannot be looked up: give endpoints, or another resolution");
            check.require(
                    entry.getResolution() != Resolution.DYNAMIC_DNS || host.startsWith("*"),
                    "FL0405",
                    place,
                    "\"" + host + "\" has no wildcard, which resolution DYNAMIC_DNS is for: use DNS");
        }
    }

    private static boolean bringsNames(Protocol protocol) {
        return protocol.isHttp() || protocol == Protocol.HTTPS || protocol == Protocol.TLS;
    }

    private static void addresses(ServiceEntry entry, FieldPath at, Check check) {
        check.require(
                entry.getAddressesCount() <= MAX_ITEMS,
                "FL0402",
                at.field("addresses"),
                "has " + entry.getAddressesCount() + " addresses; at most " + MAX_ITEMS);
        boolean ranges = entry.getResolution() == Resolution.NONE || entry.getResolution() == Resolution.STATIC;
        for (int i = 0; i < entry.getAddressesCount(); i++) {
            String address = entry.getAddresses(i);
            FieldPath place = at.field("addresses").item(i);
            check.require(
                    Addresses.isIp(address) || Addresses.isCidr(address),
                    "FL0402",
                    place,
                    "\"" + address + "\" is neither an IP address nor a range");
            check.require(!address.contains("/") || ranges, "FL0402", place, "ranges need resolution NONE or STATIC");
        }
    }

    private static void ports(ServiceEntry entry, FieldPath at, Check check) {
        Set<Integer> numbers = new HashSet<>();
        Set<String> names = new HashSet<>();
        if (entry.getPortsCount() == 0) {
            check.warning("FL0403", at.field("ports"), "is empty, so no traffic goes there");
        }
        for (int i = 0; i < entry.getPortsCount(); i++) {
            ServicePort port = entry.getPorts(i);
            FieldPath place = at.field("ports").item(i);
            check.port(port.getNumber(), place.field("number"));
            if (port.getTargetPort() != 0) {
                check.port(port.getTargetPort(), place.field("targetPort"));
            }
            check.require(
                    numbers.add(port.getNumber()),
                    "FL0403",
                    place.field("number"),
                    port.getNumber() + " is given twice");
            String name = port.getName();
            check.require(!name.isEmpty(), "FL0403", place.field("name"), "is required");
            check.require(
                    name.isEmpty() || Names.isLabel(name),
                    "FL0403",
                    place.field("name"),
                    "\"" + name + "\" is no port name");
            check.require(
                    name.isEmpty() || names.add(name),
                    "FL0403",
                    place.field("name"),
                    "\"" + name + "\" is given twice");
            Optional<Protocol> protocol = Protocols.parse(port.getProtocol());
            if (entry.getResolution() == Resolution.DYNAMIC_DNS
                    && !protocol.filter(ServiceEntryRules::bringsNames).isPresent()) {
                check.warning(
                        "FL0403",
                        place.field("protocol"),
                        "\"" + port.getProtocol()
                                + "\" brings no name that DYNAMIC_DNS could look up, so its connections "
                                + "go where callers send them: use HTTP or TLS");
            }
            check.require(
                    protocol.isPresent() || (port.getProtocol().isEmpty() && !check.classic()),
                    "FL0403",
                    place.field("protocol"),
                    "\"" + port.getProtocol() + "\" is no protocol");
        }
    }
}
