package io.flotilla.telemetry.record;

import io.flotilla.api.events.v1.ServiceName;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.telemetry.registry.Registry;
import java.util.List;
import java.util.Optional;

/** Decides which service was called. */
record ServiceJoin(Registry registry, String namespace) {
    /** A service, and what is spoken on its port (AUTO where that is unknown). */
    record Called(ServiceName name, Protocol protocol) {
        static final Called UNKNOWN = new Called(ServiceName.getDefaultInstance(), Protocol.AUTO);
    }

    /**
     * At the callee: the service that sends callers to this port of the pod. Where several do, the one that the
     * request's authority names.
     */
    Called inbound(Workload pod, int port, String authority) {
        List<InboundPort> served = registry.inboundPorts(pod.getNamespace(), pod.getLabelsMap()).stream()
                .filter(inbound -> inbound.endpointPort() == port)
                .toList();
        if (served.size() == 1) {
            return called(served.getFirst().service(), served.getFirst().servicePort());
        }
        Optional<MeshService> named = byAuthority(authority);
        return served.stream()
                .filter(inbound -> named.isPresent()
                        && named.get().hostname().equals(inbound.service().hostname()))
                .findFirst()
                .map(inbound -> called(inbound.service(), inbound.servicePort()))
                .orElse(Called.UNKNOWN);
    }

    /**
     * At the caller: the service of the cluster that Envoy chose. Where it chose none (no route), the service that the
     * authority names, if there is one.
     */
    Called outbound(String clusterName, String authority) {
        Optional<UpstreamCluster> cluster = UpstreamCluster.parse(clusterName);
        if (cluster.isPresent()) {
            return ofCluster(cluster.get());
        }
        if (!clusterName.isEmpty()) {
            return new Called(ServiceName.newBuilder().setName(clusterName).build(), Protocol.AUTO);
        }
        return byAuthority(authority)
                .map(service -> new Called(
                        name(service).setPort(portOf(authority)).build(),
                        service.port(portOf(authority))
                                .map(ServicePort::protocol)
                                .orElse(Protocol.AUTO)))
                .orElse(Called.UNKNOWN);
    }

    private Called ofCluster(UpstreamCluster cluster) {
        Optional<MeshService> service = registry.service(cluster.host(), namespace);
        ServiceName name = service.map(ServiceJoin::name)
                .orElseGet(() -> nameFromHost(cluster.host()))
                .setPort(cluster.port())
                .build();
        Protocol protocol = service.flatMap(found -> found.port(cluster.port()))
                .map(ServicePort::protocol)
                .orElse(Protocol.AUTO);
        return new Called(name, protocol);
    }

    private static Called called(MeshService service, ServicePort port) {
        return new Called(name(service).setPort(port.number()).build(), port.protocol());
    }

    private static ServiceName.Builder name(MeshService service) {
        return ServiceName.newBuilder()
                .setHost(service.hostname())
                .setName(service.name())
                .setNamespace(service.namespace());
    }

    /** A platform host name says its service's name and namespace, also when the registry has forgotten it. */
    private ServiceName.Builder nameFromHost(String host) {
        ServiceName.Builder name = ServiceName.newBuilder().setHost(host);
        String suffix = ".svc." + registry.domainSuffix();
        String[] parts = host.endsWith(suffix)
                ? host.substring(0, host.length() - suffix.length()).split("\\.", -1)
                : new String[0];
        return parts.length == 2 ? name.setName(parts[0]).setNamespace(parts[1]) : name.setName(host);
    }

    private Optional<MeshService> byAuthority(String authority) {
        String host = hostOf(authority);
        String suffix = registry.domainSuffix();
        return List.of(host, host + "." + namespace + ".svc." + suffix, host + ".svc." + suffix, host + "." + suffix)
                .stream()
                .flatMap(candidate -> registry.service(candidate, namespace).stream())
                .findFirst();
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > 0 && !authority.endsWith("]") ? authority.substring(0, colon) : authority;
    }

    private static int portOf(String authority) {
        int colon = authority.lastIndexOf(':');
        String port = colon > 0 ? authority.substring(colon + 1) : "";
        return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 80;
    }
}
