package io.flotilla.config.analysis.external;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.ServicePort;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Visibility;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Hosts that several objects declare. */
final class SameEntry implements Check {
    private static final Entry SAME = Entry.warning(
                    "FA1002", "several ServiceEntries declare the same host and port", """
                    For one host and port the oldest entry that a namespace sees counts, its own before others'; what
                    the other says of endpoints and resolution is passed over there. Make one entry of them, or
                    restrict exportTo.""")
            .kiali("KIA1211");
    private static final Entry PROTOCOL = Entry.warning(
                    "FA1003", "several ServiceEntries declare one host and port with different protocols", """
                    Which protocol holds depends on which of the entries counts for a caller, so the same call is routed
                    as HTTP for one and as TCP for another. Declare the same protocol in all of them.""")
            .istio("IST0177")
            .kiali("KIA1212");
    private static final Entry SHADOW = Entry.warning("FA1007", "a ServiceEntry declares the host of a Service", """
            The platform's own Service has the same full name, and it comes first, so the ServiceEntry is passed over
            by whoever sees both. Give the entry a name of its own, or select the workloads in a Service.""");

    @Override
    public List<Entry> entries() {
        return List.of(SAME, PROTOCOL, SHADOW);
    }

    private record Declared(Config<ServiceEntry> entry, FieldPath at, String protocol) {}

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, List<Declared>> byPort = new TreeMap<>();
        for (Config<ServiceEntry> entry : mesh.all(Kind.SERVICE_ENTRY, ServiceEntry.class)) {
            for (int i = 0; i < entry.spec().getHostsCount(); i++) {
                String host = entry.spec().getHosts(i);
                boolean shadow = mesh.hosts().named(host).stream()
                        .anyMatch(each -> mesh.find(Kind.SERVICE, each.namespace(), each.name())
                                .isPresent());
                if (shadow) {
                    findings.report(SHADOW, entry, Paths.item("hosts", i), "\"" + host + "\" is a Service already");
                }
                for (ServicePort port : entry.spec().getPortsList()) {
                    byPort.computeIfAbsent(host + " port " + port.getNumber(), key -> new ArrayList<>(1))
                            .add(new Declared(entry, Paths.item("hosts", i), port.getProtocol()));
                }
            }
        }
        byPort.forEach((where, all) -> report(where, all, findings));
    }

    private static void report(String where, List<Declared> all, Findings findings) {
        for (Declared each : all.size() > 1 ? all : List.<Declared>of()) {
            List<Declared> others = all.stream()
                    .filter(other -> !other.entry().key().equals(each.entry().key()))
                    .filter(other -> Visibility.overlap(
                            each.entry().spec().getExportToList(),
                            each.entry().namespace(),
                            other.entry().spec().getExportToList(),
                            other.entry().namespace()))
                    .toList();
            if (others.isEmpty()) {
                continue;
            }
            String names = others.stream()
                    .map(other -> other.entry().key().resourceName())
                    .limit(5)
                    .collect(Collectors.joining(", "));
            findings.report(SAME, each.entry(), each.at(), where + " is also declared by " + names);
            others.stream()
                    .filter(other -> !other.protocol().equalsIgnoreCase(each.protocol()))
                    .findFirst()
                    .ifPresent(other -> findings.report(
                            PROTOCOL,
                            each.entry(),
                            each.at(),
                            where + " is " + each.protocol() + " here and " + other.protocol() + " in "
                                    + other.entry().key().resourceName()));
        }
    }
}
