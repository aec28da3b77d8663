package io.flotilla.config.analysis.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One certificate in servers of several Gateways for the same proxies. */
final class SharedCertificate implements Check {
    private static final Entry SHARED = Entry.warning(
                    "FA0403", "several Gateways of the same proxies use one certificate", """
                    Browsers reuse an HTTP/2 connection for every host that the certificate covers. With one
                    certificate in several Gateways such a request arrives at the host list of the Gateway for which the
                    connection was opened, and gets 404. Put the hosts into one Gateway, or use a certificate of its own
                    for each.""")
            .istio("IST0138");

    @Override
    public List<Entry> entries() {
        return List.of(SHARED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, Map<Config<Gateway>, Integer>> users = new TreeMap<>();
        for (Config<Gateway> gateway : mesh.gateways()) {
            for (int i = 0; i < gateway.spec().getServersCount(); i++) {
                ServerTLSSettings tls = gateway.spec().getServers(i).getTls();
                String certificate =
                        tls.getCredentialName().isEmpty() ? tls.getServerCertificate() : tls.getCredentialName();
                if (!certificate.isEmpty()) {
                    users.computeIfAbsent(
                                    Labels.text(gateway.spec().getSelectorMap()) + " " + certificate,
                                    key -> new LinkedHashMap<>())
                            .putIfAbsent(gateway, i);
                }
            }
        }
        users.forEach((key, gateways) -> {
            if (gateways.size() > 1) {
                String names = gateways.keySet().stream()
                        .map(each -> each.key().resourceName())
                        .limit(5)
                        .collect(Collectors.joining(", "));
                gateways.forEach((gateway, index) -> findings.report(
                        SHARED,
                        gateway,
                        Paths.item("servers", index).field("tls"),
                        "certificate " + key.substring(key.lastIndexOf(' ') + 1) + " is used by " + names
                                + "; requests over a reused connection may get 404"));
            }
        });
    }
}
