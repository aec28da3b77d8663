package io.flotilla.envoy.route;

import io.flotilla.config.snapshot.MeshService;
import io.flotilla.envoy.cluster.Discovery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names under which callers in one namespace ask for a service. */
final class Domains {
    private Domains() {}

    /**
     * The full name, the shorter forms that callers of this namespace may use, and the service's addresses. A headless
     * service also answers for its pods' names.
     */
    static List<String> of(MeshService service, String namespace, String domainSuffix) {
        Set<String> domains = new LinkedHashSet<>();
        String host = service.hostname();
        domains.add(host);
        if (host.equals(service.name() + "." + service.namespace() + ".svc." + domainSuffix)) {
            domains.add(service.name() + "." + service.namespace() + ".svc");
            domains.add(service.name() + "." + service.namespace());
            if (service.namespace().equals(namespace)) {
                domains.add(service.name());
            }
        }
        service.addresses().stream()
                .filter(address -> !address.contains("/") && !address.equals("0.0.0.0"))
                .map(address -> address.contains(":") ? "[" + address + "]" : address)
                .forEach(domains::add);
        if (Discovery.headless(service)) {
            List.copyOf(domains).stream()
                    .filter(domain -> domain.contains("."))
                    .forEach(domain -> domains.add("*." + domain));
        }
        return new ArrayList<>(domains);
    }

    /** The same names with a port, for a listener that serves several; without it too where it is HTTP's own. */
    static List<String> withPort(List<String> domains, int port) {
        List<String> all = new ArrayList<>();
        for (String domain : domains) {
            all.add(domain + ":" + port);
            if (port == 80) {
                all.add(domain);
            }
        }
        return all;
    }
}
