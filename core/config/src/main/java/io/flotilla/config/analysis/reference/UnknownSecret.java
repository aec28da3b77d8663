package io.flotilla.config.analysis.reference;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A credentialName names a Secret that is missing, or that has not what is needed. */
final class UnknownSecret implements Check {
    private static final Kind SECRET = new Kind("", "Secret");
    private static final Kind CERTIFICATE = new Kind("cert-manager.io", "Certificate");
    private static final Kind OLD_CERTIFICATE = new Kind("certmanager.k8s.io", "Certificate");

    /** What the name of a server's credential begins with that a provider serves. */
    private static final String EXTERNAL = "sds://";

    private static final Entry UNKNOWN = Entry.error("FA0104", "credentialName names a Secret that does not exist", """
                    The proxy asks for the certificate by this name and waits for it: until the Secret is there, the
                    port of the Gateway does not answer, or clients by this DestinationRule cannot connect. Create the
                    Secret in the namespace where the gateway's pods run (for a DestinationRule: where the client
                    runs), correct the name, or let a cert-manager Certificate make it. A server's credential whose name
                    begins with sds:// comes from a provider of MeshConfig.extensionProviders (sds); name one.""")
            .istio("IST0101");
    private static final Entry INVALID = Entry.error("FA0105", "the Secret of a Gateway has no usable certificate", """
                    A Gateway's Secret needs a PEM certificate and its key: tls.crt and tls.key, or cert and key; for
                    MUTUAL also ca.crt or cacert, which may be in a Secret of its own named NAME-cacert. Without them
                    the port does not answer. Put the missing entries into the Secret.""")
            .istio("IST0161");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, INVALID);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Gateway> gateway : mesh.gateways()) {
            Set<String> namespaces = namespaces(mesh, gateway);
            for (int i = 0; i < gateway.spec().getServersCount(); i++) {
                ServerTLSSettings tls = gateway.spec().getServers(i).getTls();
                FieldPath at = Paths.item("servers", i).field("tls").field("credentialName");
                if (!tls.getCredentialName().isEmpty()) {
                    gateway(mesh, gateway, tls, at, namespaces, findings);
                }
            }
        }
        mesh.destinationRules().forEach(rule -> rule(mesh, rule, findings));
    }

    /** Where the gateway's pods run; the Gateway's own namespace where nobody knows. */
    private static Set<String> namespaces(Mesh mesh, Config<Gateway> gateway) {
        Set<String> namespaces = new TreeSet<>();
        mesh.workloads()
                .selectAnywhere(gateway.spec().getSelectorMap())
                .forEach(each -> namespaces.add(each.namespace()));
        return namespaces.isEmpty() || gateway.spec().getSelectorCount() == 0
                ? Set.of(gateway.namespace())
                : namespaces;
    }

    private static void gateway(
            Mesh mesh,
            Config<Gateway> gateway,
            ServerTLSSettings tls,
            FieldPath at,
            Set<String> namespaces,
            Findings findings) {
        String name = tls.getCredentialName();
        if (name.startsWith(EXTERNAL)) {
            if (mesh.snapshot().mesh().getExtensionProvidersList().stream().noneMatch(ExtensionProvider::hasSds)) {
                findings.report(
                        UNKNOWN,
                        gateway,
                        at,
                        "MeshConfig.extensionProviders names no provider (sds) of \"" + name + "\"");
            }
            return;
        }
        for (String namespace : namespaces) {
            Optional<Config<?>> secret = mesh.find(SECRET, namespace, name);
            if (secret.isEmpty() && !issued(mesh, namespace, name)) {
                findings.report(
                        UNKNOWN,
                        gateway,
                        at,
                        "there is no Secret \"" + name + "\" in namespace " + namespace
                                + ", where the gateway's pods run");
            }
            secret.filter(each -> each.spec() instanceof Struct).ifPresent(each -> {
                String missing = missing(mesh, new Manifest((Struct) each.spec()), tls, namespace);
                if (!missing.isEmpty()) {
                    findings.report(
                            INVALID,
                            gateway,
                            at,
                            "Secret " + namespace + "/" + name + " has no " + missing + "; add it");
                }
            });
        }
    }

    private static boolean issued(Mesh mesh, String namespace, String name) {
        return Stream.of(CERTIFICATE, OLD_CERTIFICATE)
                .flatMap(kind -> mesh.manifests(kind).stream())
                .anyMatch(each -> each.namespace().equals(namespace)
                        && new Manifest(each.spec()).text("spec", "secretName").equals(name));
    }

    private static String missing(Mesh mesh, Manifest secret, ServerTLSSettings tls, String namespace) {
        Set<String> keys = new TreeSet<>(secret.strings("data").keySet());
        keys.addAll(secret.strings("stringData").keySet());
        boolean mutual = tls.getMode() == ServerTLSSettings.TLSmode.MUTUAL
                || tls.getMode() == ServerTLSSettings.TLSmode.OPTIONAL_MUTUAL;
        if (!keys.contains("tls.crt") && !keys.contains("cert")) {
            return "tls.crt";
        }
        if (!keys.contains("tls.key") && !keys.contains("key")) {
            return "tls.key";
        }
        boolean authority = keys.contains("ca.crt")
                || keys.contains("cacert")
                || mesh.find(SECRET, namespace, tls.getCredentialName() + "-cacert")
                        .isPresent();
        return mutual && !authority ? "ca.crt, which mode MUTUAL needs" : "";
    }

    private static void rule(Mesh mesh, Config<DestinationRule> rule, Findings findings) {
        TrafficPolicy policy = rule.spec().getTrafficPolicy();
        FieldPath at = Paths.SPEC.field("trafficPolicy");
        client(mesh, rule, policy.getTls(), at.field("tls"), findings);
        for (int i = 0; i < policy.getPortLevelSettingsCount(); i++) {
            client(
                    mesh,
                    rule,
                    policy.getPortLevelSettings(i).getTls(),
                    at.field("portLevelSettings").item(i).field("tls"),
                    findings);
        }
    }

    private static void client(
            Mesh mesh, Config<DestinationRule> rule, ClientTLSSettings tls, FieldPath at, Findings findings) {
        String name = tls.getCredentialName();
        if (name.isEmpty()) {
            return;
        }
        boolean somewhere =
                mesh.manifests(SECRET).stream().anyMatch(each -> each.name().equals(name));
        if (!somewhere && !issued(mesh, rule.namespace(), name)) {
            findings.report(
                    UNKNOWN, rule, at.field("credentialName"), "there is no Secret \"" + name + "\" in any namespace");
        }
    }
}
