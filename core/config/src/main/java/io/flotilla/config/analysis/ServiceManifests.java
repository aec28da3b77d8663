package io.flotilla.config.analysis;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Services of the platform by whom they select. */
public final class ServiceManifests {
    private final Map<String, Map<Map.Entry<String, String>, List<Config<Struct>>>> byLabel = new HashMap<>();

    ServiceManifests(Mesh mesh) {
        for (Config<Struct> service : mesh.manifests(Kind.SERVICE)) {
            Map<String, String> selector = new Manifest(service.spec()).strings("spec", "selector");
            // One pair of the selector is enough to find it by; the whole is compared afterwards.
            selector.entrySet().stream()
                    .findFirst()
                    .ifPresent(pair -> byLabel.computeIfAbsent(service.namespace(), namespace -> new HashMap<>())
                            .computeIfAbsent(Map.entry(pair.getKey(), pair.getValue()), each -> new ArrayList<>(1))
                            .add(service));
        }
    }

    /** Those that select a workload, sorted. */
    public List<Config<Struct>> selecting(WorkloadFact workload) {
        Map<Map.Entry<String, String>, List<Config<Struct>>> here =
                byLabel.getOrDefault(workload.namespace(), Map.of());
        List<Config<Struct>> selecting = new ArrayList<>();
        workload.labels()
                .forEach((key, value) -> here.getOrDefault(Map.entry(key, value), List.of()).stream()
                        .filter(service ->
                                Labels.fit(new Manifest(service.spec()).strings("spec", "selector"), workload.labels()))
                        .forEach(selecting::add));
        selecting.sort(Comparator.comparing(Config::key));
        return selecting;
    }

    /** What a port of a Service leads to in these pods; nothing where the pods have no port of that name. */
    public static OptionalInt target(Manifest port, WorkloadFact workload) {
        OptionalInt number = port.number("targetPort");
        if (number.isPresent()) {
            return number;
        }
        String name = port.text("targetPort");
        return name.isEmpty() ? port.number("port") : workload.port(name);
    }
}
