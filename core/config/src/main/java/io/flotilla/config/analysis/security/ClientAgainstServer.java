package io.flotilla.config.analysis.security;

import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.ServiceManifests;
import io.flotilla.config.analysis.Visibility;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.ServicePort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clients and servers that disagree on mutual TLS. */
final class ClientAgainstServer implements Check {
    private static final Entry PLAIN = Entry.error(
                    "FA0501", "clients send plaintext to servers that want mutual TLS", """
                    A DestinationRule sets a TLS mode other than ISTIO_MUTUAL for a host whose workloads accept mutual
                    TLS only, so their proxies reset the connections and callers get 503. Set the mode to
                    ISTIO_MUTUAL, or leave tls out where mutual TLS is automatic, or make the servers PERMISSIVE until
                    all clients have a sidecar.""")
            .istio("IST0113")
            .kiali("KIA0207", "KIA0208");
    private static final Entry MUTUAL = Entry.error(
                    "FA0502", "clients send mutual TLS to servers that have it switched off", """
                    A DestinationRule sets ISTIO_MUTUAL for a host whose workloads have mutual TLS disabled, so the
                    application gets TLS that it does not understand and callers get 503. Remove tls from the rule or
                    set it to DISABLE, or allow mutual TLS at the servers (PERMISSIVE or STRICT).""")
            .istio("IST0113")
            .kiali("KIA0505", "KIA0506");
    private static final Entry NO_SIDECAR =
            Entry.error("FA0503", "clients send mutual TLS to workloads without a sidecar", """
            A DestinationRule sets ISTIO_MUTUAL for a host of whose workloads at least one has no sidecar and gets
            none, so nobody there can end the TLS and callers get 503. Give the workloads a sidecar, or set the mode
            DISABLE for this host; without tls in the rule, automatic mutual TLS decides for each workload.""");

    @Override
    public List<Entry> entries() {
        return List.of(PLAIN, MUTUAL, NO_SIDECAR);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        ServerMtls servers = new ServerMtls(mesh);
        for (MeshService service : mesh.snapshot().services()) {
            List<Config<DestinationRule>> rules = mesh.rules().covering(service.hostname());
            if (service.external() || rules.isEmpty()) {
                continue;
            }
            Map<String, String> hosts = new HashMap<>();
            Set<String> decided = new HashSet<>();
            for (Config<DestinationRule> rule : rules) {
                // Of one namespace's rules those for the most specific host count, and of these the policy that comes
                // first; they come in that order.
                String host = Hostnames.resolve(
                        rule.spec().getHost(), rule.namespace(), mesh.settings().domainSuffix());
                hosts.putIfAbsent(rule.namespace(), host);
                boolean counts = host.equals(hosts.get(rule.namespace()))
                        && rule.spec().hasTrafficPolicy()
                        && decided.add(rule.namespace())
                        && Visibility.sees(service.exportTo(), service.namespace(), rule.namespace());
                if (counts) {
                    rule(mesh, servers, service, rule, findings);
                }
            }
        }
    }

    private static void rule(
            Mesh mesh, ServerMtls servers, MeshService service, Config<DestinationRule> rule, Findings findings) {
        List<WorkloadFact> workloads = mesh.behind(service);
        for (ServicePort port : service.ports()) {
            FieldPath at = Paths.SPEC.field("trafficPolicy");
            ClientTLSSettings tls = rule.spec().getTrafficPolicy().hasTls()
                    ? rule.spec().getTrafficPolicy().getTls()
                    : null;
            for (int i = 0; i < rule.spec().getTrafficPolicy().getPortLevelSettingsCount(); i++) {
                TrafficPolicy.PortTrafficPolicy settings =
                        rule.spec().getTrafficPolicy().getPortLevelSettings(i);
                if (settings.getPort().getNumber() == port.number()) {
                    // Settings of a port replace those of the host, also where they leave TLS out.
                    tls = settings.hasTls() ? settings.getTls() : null;
                    at = Paths.SPEC
                            .field("trafficPolicy")
                            .field("portLevelSettings")
                            .item(i);
                }
            }
            if (tls != null) {
                Client client = new Client(rule, at.field("tls").field("mode"), tls.getMode());
                if (compare(mesh, servers, service, port, workloads, client, findings)) {
                    return;
                }
            }
        }
    }

    private record Client(Config<DestinationRule> rule, FieldPath at, ClientTLSSettings.TLSmode mode) {
        boolean mutual() {
            return mode == ClientTLSSettings.TLSmode.ISTIO_MUTUAL;
        }
    }

    /** Reports the first disagreement. */
    private static boolean compare(
            Mesh mesh,
            ServerMtls servers,
            MeshService service,
            ServicePort port,
            List<WorkloadFact> workloads,
            Client client,
            Findings findings) {
        for (WorkloadFact workload : workloads) {
            String where = "port " + port.number() + " of " + service.hostname();
            boolean inMesh = mesh.namespaces().inMesh(workload);
            if (!inMesh && client.mutual()) {
                findings.report(
                        NO_SIDECAR,
                        client.rule(),
                        client.at(),
                        "ISTIO_MUTUAL for " + where + ", but "
                                + workload.source().key() + " has no sidecar");
                return true;
            }
            ServerMtls.Decision server = servers.of(
                    workload.namespace(),
                    workload.labels(),
                    target(mesh, service, port, workload),
                    service.name(),
                    port);
            if (inMesh && !client.mutual() && server.mode() == MtlsMode.STRICT) {
                findings.report(
                        PLAIN,
                        client.rule(),
                        client.at(),
                        client.mode() + " for " + where + ", which accepts only mutual TLS (" + server.reason()
                                + "); use ISTIO_MUTUAL");
                return true;
            }
            if (inMesh && client.mutual() && server.mode() == MtlsMode.DISABLE) {
                findings.report(
                        MUTUAL,
                        client.rule(),
                        client.at(),
                        "ISTIO_MUTUAL for " + where + ", where mutual TLS is off (" + server.reason() + ")");
                return true;
            }
        }
        return false;
    }

    /** The port of the workload that a service's port leads to. */
    static int target(Mesh mesh, MeshService service, ServicePort port, WorkloadFact workload) {
        return mesh.find(Kind.SERVICE, service.namespace(), service.name())
                .filter(each -> each.spec() instanceof Struct)
                .flatMap(each -> new Manifest((Struct) each.spec())
                        .list("spec", "ports").stream()
                                .filter(one -> one.number("port").orElse(0) == port.number())
                                .findFirst())
                .map(one -> ServiceManifests.target(one, workload).orElse(port.number()))
                .orElse(port.number());
    }
}
