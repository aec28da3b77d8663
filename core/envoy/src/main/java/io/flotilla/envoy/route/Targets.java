package io.flotilla.envoy.route;

import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Balancers;
import io.flotilla.config.snapshot.Destinations;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What routes need to know of the services that they lead to.
 *
 * @param domainSuffix that makes short names full
 * @param byHost       full host name to service; a host that nobody knows is absent
 * @param pool         of connections for which no DestinationRule has one (MeshConfig's defaultTrafficPolicy)
 */
public record Targets(String domainSuffix, Map<String, Target> byHost, ConnectionPoolSettings pool) {
    /**
     * One service.
     *
     * @param ports   its ports
     * @param rule    the DestinationRule in force, where it matters
     * @param dynamic the names that callers ask for are looked up
     */
    public record Target(List<ServicePort> ports, Optional<Config<DestinationRule>> rule, boolean dynamic) {}

    /**
     * A destination, resolved.
     *
     * @param dynamic the name that the caller asks for is looked up
     */
    public record Resolved(
            String host, int port, String subset, Protocol protocol, Optional<DestinationRule> rule, boolean dynamic) {
        public String cluster() {
            return Names.outbound(port, subset, host);
        }
    }

    /** The services that a VirtualService names. */
    public static Targets of(Scope scope, Config<VirtualService> virtualService) {
        return of(scope, virtualService, rule -> true);
    }

    /** One service alone. */
    public static Targets of(Scope scope, MeshService service) {
        return of(scope, service, rule -> true);
    }

    /** The services that a VirtualService names, of whose rules requests' routes need to know those alone that hash. */
    static Targets ofRequests(Scope scope, Config<VirtualService> virtualService) {
        return of(scope, virtualService, rule -> Balancers.hash(rule.spec()));
    }

    /** One service alone, for requests. */
    static Targets ofRequests(Scope scope, MeshService service) {
        return of(scope, service, rule -> Balancers.hash(rule.spec()));
    }

    private static Targets of(
            Scope scope, Config<VirtualService> virtualService, Predicate<Config<DestinationRule>> matters) {
        Map<String, Target> byHost = new TreeMap<>();
        Destinations.of(virtualService.spec())
                .map(destination -> Hostnames.resolve(
                        destination.getHost(),
                        virtualService.namespace(),
                        scope.settings().domainSuffix()))
                .distinct()
                .forEach(host ->
                        scope.service(host).ifPresent(service -> byHost.put(host, target(scope, service, matters))));
        return of(scope, byHost);
    }

    private static Targets of(Scope scope, MeshService service, Predicate<Config<DestinationRule>> matters) {
        return of(scope, Map.of(service.hostname(), target(scope, service, matters)));
    }

    private static Targets of(Scope scope, Map<String, Target> byHost) {
        return new Targets(
                scope.settings().domainSuffix(),
                byHost,
                scope.snapshot().meshConfig().getDefaultTrafficPolicy().getConnectionPool());
    }

    private static Target target(Scope scope, MeshService service, Predicate<Config<DestinationRule>> matters) {
        return new Target(
                service.ports(),
                scope.destinationRule(service).filter(matters),
                service.resolution() == MeshService.Resolution.DYNAMIC_DNS);
    }

    /**
     * A destination of a rule: its host made full, its port as given, else the service's only one, else the listener's.
     */
    public Resolved resolve(Destination destination, String namespace, int listenerPort) {
        String host = Hostnames.resolve(destination.getHost(), namespace, domainSuffix);
        Target target = byHost.get(host);
        List<ServicePort> ports = target == null ? List.of() : target.ports();
        int port = destination.getPort().getNumber();
        if (port == 0) {
            port = ports.size() == 1 ? ports.getFirst().number() : listenerPort;
        }
        int chosen = port;
        Protocol protocol = ports.stream()
                .filter(candidate -> candidate.number() == chosen)
                .map(ServicePort::protocol)
                .findFirst()
                .orElse(Protocol.HTTP);
        return new Resolved(
                host,
                port,
                destination.getSubset(),
                protocol,
                target == null ? Optional.empty() : target.rule().map(Config::spec),
                target != null && target.dynamic());
    }
}
