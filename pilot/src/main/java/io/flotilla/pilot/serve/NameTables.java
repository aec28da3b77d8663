package io.flotilla.pilot.serve;

import io.flotilla.api.networking.nds.v1.NameTable;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.cluster.Discovery;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which name has which addresses, for the agents that answer DNS beside an Envoy (Istio's NDS). Proxies that import the
 * same services share one table.
 */
public final class NameTables {
    public static final String TYPE_URL = "type.googleapis.com/istio.networking.nds.v1.NameTable";

    // The pods of a StatefulSet are the ones that have names of their own.
    private static final Pattern ORDINAL = Pattern.compile("[a-z0-9][-a-z0-9.]*-\\d+");

    private final IdentityHashMap<Object, ResourceSet> made = new IdentityHashMap<>();
    private @Nullable MeshSnapshot of;

    /** The type's resources for a proxy: one table. */
    @SuppressWarnings("ReferenceEquality") // another object is another state
    synchronized ResourceSet table(MeshSnapshot mesh, Proxy proxy) {
        if (of != mesh) {
            of = mesh;
            made.clear();
        }
        Proxy.Pod pod = proxy.pod();
        boolean sidecars = proxy.role() != Proxy.Role.ROUTER;
        List<MeshService> services = mesh.imports(pod.namespace(), KnownLabels.of(proxy, mesh), sidecars)
                .services();
        return made.computeIfAbsent(
                services, key -> ResourceSet.of(List.of(Resource.of("name-table", of(mesh, services)))));
    }

    /** The names of these services. Those that DNS resolves elsewhere, and ranges of addresses, have no place in it. */
    static NameTable of(MeshSnapshot mesh, List<MeshService> services) {
        NameTable.Builder table = NameTable.newBuilder();
        for (MeshService service : services) {
            List<String> fixed = service.addresses().stream()
                    .filter(address -> address.indexOf('/') < 0)
                    .toList();
            if (!fixed.isEmpty()) {
                table.putTable(
                        service.hostname(), info(service).addAllIps(fixed).build());
            } else if (Discovery.headless(service)) {
                headless(mesh, service, table);
            }
        }
        return table.build();
    }

    private static void headless(MeshSnapshot mesh, MeshService service, NameTable.Builder table) {
        TreeSet<String> all = new TreeSet<>();
        service.ports().stream()
                .flatMap(port -> mesh.endpoints(service, port.number()).stream())
                .filter(endpoint -> endpoint.health() == MeshEndpoint.Health.HEALTHY)
                .forEach(endpoint -> {
                    all.addAll(endpoint.addresses());
                    String pod =
                            endpoint.workload().substring(endpoint.workload().indexOf('/') + 1);
                    if (ORDINAL.matcher(pod).matches()) {
                        table.putTable(
                                pod + "." + service.hostname(),
                                info(service)
                                        .setShortname(pod + "." + service.name())
                                        .addAllIps(endpoint.addresses())
                                        .build());
                    }
                });
        if (!all.isEmpty()) {
            table.putTable(service.hostname(), info(service).addAllIps(all).build());
        }
    }

    private static NameTable.NameInfo.Builder info(MeshService service) {
        return ofPlatform(service)
                ? NameTable.NameInfo.newBuilder()
                        .setRegistry("Kubernetes")
                        .setShortname(service.name())
                        .setNamespace(service.namespace())
                : NameTable.NameInfo.newBuilder().setRegistry("External");
    }

    // A ServiceEntry has no name beside its host.
    private static boolean ofPlatform(MeshService service) {
        return !service.name().equals(service.hostname());
    }
}
