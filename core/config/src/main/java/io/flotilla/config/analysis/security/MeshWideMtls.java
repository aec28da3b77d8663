package io.flotilla.config.analysis.security;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MtlsMode;
import java.util.List;
import java.util.Optional;

/** Mutual TLS for a mesh or a namespace that only one of the two sides knows of. Matters where it is not automatic. */
final class MeshWideMtls implements Check {
    private static final Entry CLIENT_MESH = Entry.error(
                    "FA0504", "clients of the whole mesh send mutual TLS, and servers have it off", """
                    A DestinationRule for *.local sets ISTIO_MUTUAL, but neither a MeshPolicy nor a PeerAuthentication
                    of the root namespace allows mutual TLS, which is off by default in this mesh. Calls fail except
                    where a namespace says otherwise. Add the policy for the mesh, or remove the rule.""")
            .kiali("KIA0205");
    private static final Entry CLIENT_NAMESPACE = Entry.error(
                    "FA0505", "clients send mutual TLS to a namespace whose servers have it off", """
                    A DestinationRule for all hosts of a namespace sets ISTIO_MUTUAL, but no policy of that namespace
                    or of the mesh allows mutual TLS there, which is off by default in this mesh. Add the policy for
                    the namespace, or remove the rule.""")
            .kiali("KIA0206");
    private static final Entry SERVER_MESH = Entry.error(
                    "FA0506", "servers of the whole mesh want mutual TLS, and clients do not send it", """
                    A policy for the mesh makes mutual TLS strict, but it is not automatic here and no DestinationRule
                    for *.local makes clients send it, so calls in plaintext are refused. Add a DestinationRule for
                    *.local with tls mode ISTIO_MUTUAL, or switch automatic mutual TLS on.""")
            .kiali("KIA0401");
    private static final Entry SERVER_NAMESPACE = Entry.error(
                    "FA0507", "servers of a namespace want mutual TLS, and clients do not send it", """
                    A policy makes mutual TLS strict in a namespace, but it is not automatic in this mesh and no
                    DestinationRule for the hosts of that namespace (or of the mesh) makes clients send it. Add a
                    DestinationRule for *.NAMESPACE.svc.DOMAIN with tls mode ISTIO_MUTUAL, or switch automatic mutual
                    TLS on.""")
            .kiali("KIA0501");

    @Override
    public List<Entry> entries() {
        return List.of(CLIENT_MESH, CLIENT_NAMESPACE, SERVER_MESH, SERVER_NAMESPACE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        ServerMtls servers = new ServerMtls(mesh);
        boolean offByDefault = mesh.settings().defaultMtls() == MtlsMode.DISABLE;
        Optional<ServerMtls.Decision> wholeMesh = wholeMesh(mesh, servers);
        if (offByDefault) {
            clients(mesh, servers, wholeMesh, findings);
        }
        if (!mesh.settings().autoMtls()) {
            servers(mesh, servers, wholeMesh, findings);
        }
    }

    private static Optional<ServerMtls.Decision> wholeMesh(Mesh mesh, ServerMtls servers) {
        return servers.wide(mesh.settings().rootNamespace()).or(servers::classicMesh);
    }

    private static void clients(
            Mesh mesh, ServerMtls servers, Optional<ServerMtls.Decision> wholeMesh, Findings findings) {
        boolean meshOn = wholeMesh.map(each -> each.mode() != MtlsMode.DISABLE).orElse(false);
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            if (!mutual(rule)) {
                continue;
            }
            String host = rule.spec().getHost();
            FieldPath at = Paths.SPEC.field("trafficPolicy").field("tls").field("mode");
            String namespace = namespaceOf(mesh, host);
            if (isMesh(host) && !meshOn) {
                findings.report(
                        CLIENT_MESH,
                        rule,
                        at,
                        "ISTIO_MUTUAL for \"" + host + "\", but no policy of the mesh allows it");
            } else if (!namespace.isEmpty() && !meshOn) {
                boolean on = servers.wide(namespace)
                        .or(() -> servers.classicWide(namespace))
                        .map(each -> each.mode() != MtlsMode.DISABLE)
                        .orElse(false);
                if (!on) {
                    findings.report(
                            CLIENT_NAMESPACE,
                            rule,
                            at,
                            "ISTIO_MUTUAL for \"" + host + "\", but no policy of namespace " + namespace
                                    + " allows it");
                }
            }
        }
    }

    private static void servers(
            Mesh mesh, ServerMtls servers, Optional<ServerMtls.Decision> wholeMesh, Findings findings) {
        boolean meshClients = mesh.destinationRules().stream()
                .anyMatch(rule -> mutual(rule) && isMesh(rule.spec().getHost()));
        wholeMesh.filter(each -> each.mode() == MtlsMode.STRICT && !meshClients).ifPresent(each -> {
            if (each.by() != null) {
                findings.report(SERVER_MESH, each.by(), Paths.SPEC, "no DestinationRule for *.local sends mutual TLS");
            }
        });
        for (String namespace : mesh.namespaces().all()) {
            if (namespace.equals(mesh.settings().rootNamespace()) || meshClients) {
                continue;
            }
            boolean clients = mesh.destinationRules().stream()
                    .anyMatch(rule -> mutual(rule)
                            && namespaceOf(mesh, rule.spec().getHost()).equals(namespace));
            servers.wide(namespace)
                    .or(() -> servers.classicWide(namespace))
                    .filter(each -> each.mode() == MtlsMode.STRICT && !clients)
                    .ifPresent(each -> {
                        if (each.by() != null) {
                            findings.report(
                                    SERVER_NAMESPACE,
                                    each.by(),
                                    Paths.SPEC,
                                    "no DestinationRule for *." + namespace + ".svc."
                                            + mesh.settings().domainSuffix() + " sends mutual TLS");
                        }
                    });
        }
    }

    private static boolean mutual(Config<DestinationRule> rule) {
        return rule.spec().getTrafficPolicy().getTls().getMode() == ClientTLSSettings.TLSmode.ISTIO_MUTUAL;
    }

    private static boolean isMesh(String host) {
        return host.equals("*.local") || host.equals("*") || host.equals("*.svc.cluster.local");
    }

    /** The namespace of "*.NAMESPACE.svc.DOMAIN"; empty for other hosts. */
    private static String namespaceOf(Mesh mesh, String host) {
        String suffix = ".svc." + mesh.settings().domainSuffix();
        if (!host.startsWith("*.") || !host.endsWith(suffix) || host.length() <= 2 + suffix.length()) {
            return "";
        }
        return host.substring(2, host.length() - suffix.length());
    }
}
