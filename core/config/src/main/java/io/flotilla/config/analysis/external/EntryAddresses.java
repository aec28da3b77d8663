package io.flotilla.config.analysis.external;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** ServiceEntries for TCP that proxies cannot tell from others. */
final class EntryAddresses implements Check {
    private static final Entry REQUIRED = Entry.warning(
                    "FA1001", "a ServiceEntry with a TCP port has no addresses", """
                    A TCP connection carries no host name, so a proxy knows the service by its address alone. Without
                    addresses the port is taken for every destination: calls of other services on the same port may
                    end here. Give the entry addresses (virtual ones will do), or declare the protocol if it is HTTP
                    or TLS.""")
            .istio("IST0134");

    @Override
    public List<Entry> entries() {
        return List.of(REQUIRED);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<ServiceEntry> entry : mesh.all(Kind.SERVICE_ENTRY, ServiceEntry.class)) {
            for (int i = 0; i < entry.spec().getPortsCount() && entry.spec().getAddressesCount() == 0; i++) {
                String protocol = entry.spec().getPorts(i).getProtocol();
                if (protocol.isEmpty() || protocol.equalsIgnoreCase("TCP")) {
                    findings.report(
                            REQUIRED,
                            entry,
                            Paths.item("ports", i),
                            "port " + entry.spec().getPorts(i).getNumber() + " is TCP; add addresses");
                }
            }
        }
    }
}
