package io.flotilla.config.ownership;

import com.google.protobuf.Message;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A host whose traffic an object takes.
 *
 * @param path  where the object names it
 * @param given as it is written there
 * @param names full names that it may stand for
 */
record CapturedHosts(String path, String given, List<String> names) {
    /** Kinds that take the traffic of hosts. */
    static final Set<Kind> KINDS = Set.of(Kind.VIRTUAL_SERVICE, Kind.SERVICE_ENTRY, Kind.DESTINATION_RULE);

    /** All of an object; nothing for other kinds. */
    static List<CapturedHosts> of(Config<? extends Message> config, String domainSuffix) {
        return switch (config.spec()) {
            case VirtualService service -> list(service.getHostsList(), config.namespace(), domainSuffix);
            case ServiceEntry entry -> list(entry.getHostsList(), config.namespace(), domainSuffix);
            case DestinationRule rule ->
                List.of(new CapturedHosts(
                        "spec.host", rule.getHost(), names(rule.getHost(), config.namespace(), domainSuffix)));
            default -> List.of();
        };
    }

    private static List<CapturedHosts> list(List<String> hosts, String namespace, String domainSuffix) {
        List<CapturedHosts> captured = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            captured.add(new CapturedHosts("spec.hosts[" + i + "]", host, names(host, namespace, domainSuffix)));
        }
        return captured;
    }

    /** "reviews.shop" may be a domain of the world, or the service of a namespace as its neighbours call it. */
    private static List<String> names(String given, String namespace, String domainSuffix) {
        String host = Hostnames.resolve(given.toLowerCase(Locale.ROOT), namespace, domainSuffix);
        boolean ofNamespace = host.indexOf('.') >= 0 && host.indexOf('.') == host.lastIndexOf('.');
        if (host.endsWith(".svc")) {
            return List.of(host, host + "." + domainSuffix);
        }
        return ofNamespace && !host.startsWith("*") ? List.of(host, host + ".svc." + domainSuffix) : List.of(host);
    }
}
