package io.flotilla.mesh.pod;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is ready to serve at the addresses of services, by the rules of Galley's registry. */
final class ServiceEndpoints {
    private ServiceEndpoints() {}

    /**
     * "ADDRESS:PORT" of services to "ADDRESS:PORT" of ready pods.
     *
     * @param addresses "NAMESPACE/NAME" of services to their addresses
     * @param pods      manifests with their status
     */
    static SortedMap<String, List<String>> of(
            LocalPlatform platform,
            List<Config<Struct>> services,
            Map<String, String> addresses,
            Collection<Struct> pods) {
        SortedMap<String, List<String>> all = new TreeMap<>();
        List<Config<Struct>> configs =
                pods.stream().map(ServiceEndpoints::config).toList();
        for (Config<Struct> service : services) {
            String address = addresses.get(service.key().resourceName());
            if (address != null) {
                for (Config<Struct> slice : platform.endpointSlices(List.of(service), configs)) {
                    add(all, address, new Manifest(service.spec()), new Manifest(slice.spec()));
                }
            }
        }
        return all;
    }

    /**
     * "NAMESPACE/NAME" of services to "ADDRESS:PORT" of their ready pods, over all ports.
     *
     * @param pods manifests with their status
     */
    static SortedMap<String, Set<String>> ready(
            LocalPlatform platform, List<Config<Struct>> services, Collection<Struct> pods) {
        SortedMap<String, Set<String>> all = new TreeMap<>();
        List<Config<Struct>> configs =
                pods.stream().map(ServiceEndpoints::config).toList();
        for (Config<Struct> service : services) {
            Map<String, List<String>> targets = new TreeMap<>();
            for (Config<Struct> slice : platform.endpointSlices(List.of(service), configs)) {
                add(targets, "", new Manifest(service.spec()), new Manifest(slice.spec()));
            }
            Set<String> addresses = new TreeSet<>();
            targets.values().forEach(addresses::addAll);
            if (!addresses.isEmpty()) {
                all.put(service.key().resourceName(), addresses);
            }
        }
        return all;
    }

    private static void add(Map<String, List<String>> all, String address, Manifest service, Manifest slice) {
        for (Manifest port : service.list("spec", "ports")) {
            String target = slice.list("ports").stream()
                    .filter(each -> each.text("name").equals(port.text("name")))
                    .map(each -> each.text("port"))
                    .findFirst()
                    .orElse("");
            boolean tcp = List.of("", "TCP").contains(port.text("protocol"));
            for (Manifest endpoint : slice.list("endpoints")) {
                if (tcp && !target.isEmpty() && endpoint.flag("conditions", "ready")) {
                    all.computeIfAbsent(address + ":" + port.text("port"), key -> new ArrayList<>())
                            .add(endpoint.texts("addresses").getFirst() + ":" + target);
                }
            }
        }
    }

    private static Config<Struct> config(Struct pod) {
        Manifest manifest = new Manifest(pod);
        return new Config<>(
                ObjectKey.of(Kind.POD, manifest.text("metadata", "namespace"), manifest.text("metadata", "name")),
                pod,
                manifest.strings("metadata", "labels"),
                Map.of(),
                Instant.EPOCH,
                "",
                Origin.NONE);
    }
}
