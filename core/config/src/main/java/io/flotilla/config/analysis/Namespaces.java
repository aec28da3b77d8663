package io.flotilla.config.analysis;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Namespaces that there are, and whether pods in them get sidecars. */
public final class Namespaces {
    private static final String INJECTION = "istio-injection";
    private static final String REVISION = "istio.io/rev";

    private final Set<String> known = new TreeSet<>();
    private final Map<String, Config<Struct>> declared = new TreeMap<>();

    /** What a namespace says of sidecars. */
    public enum Injection {
        ENABLED,
        DISABLED,
        /** It is there and says nothing. */
        SILENT,
        /** Nobody has read it. */
        UNKNOWN
    }

    Namespaces(Mesh mesh) {
        mesh.objects().forEach(config -> {
            if (!config.namespace().isEmpty()) {
                known.add(config.namespace());
            }
        });
        mesh.manifests(Kind.NAMESPACE).forEach(each -> {
            known.add(each.name());
            declared.put(each.name(), each);
        });
        known.add(mesh.settings().rootNamespace());
        mesh.snapshot().services().forEach(service -> known.add(service.namespace()));
    }

    /** There is such a namespace, or some object is in it. */
    public boolean known(String name) {
        return known.contains(name);
    }

    /** All that are known, sorted. */
    public Set<String> all() {
        return Collections.unmodifiableSet(known);
    }

    /** Those that were read, by name. */
    public Map<String, Config<Struct>> declared() {
        return Collections.unmodifiableMap(declared);
    }

    /** What the labels of a namespace say. */
    public Injection injection(String name) {
        Config<Struct> namespace = declared.get(name);
        if (namespace == null) {
            return Injection.UNKNOWN;
        }
        String label = namespace.labels().getOrDefault(INJECTION, "");
        if (label.equals("disabled")) {
            return Injection.DISABLED;
        }
        boolean revision = !namespace.labels().getOrDefault(REVISION, "").isEmpty();
        return label.equals("enabled") || revision ? Injection.ENABLED : Injection.SILENT;
    }

    /** Pods like these have a sidecar or get one, as far as can be known: where nobody says, they do. */
    public boolean inMesh(WorkloadFact workload) {
        if (workload.hasProxy() || !workload.hasManifest()) {
            return true;
        }
        String said = asked(workload);
        if (!said.isEmpty()) {
            return said.equals("true");
        }
        Injection injection = injection(workload.namespace());
        return injection == Injection.ENABLED || injection == Injection.UNKNOWN;
    }

    /** What the pod itself asks for: "true", "false" or nothing. */
    public static String asked(WorkloadFact workload) {
        String label = workload.labels().getOrDefault("sidecar.istio.io/inject", "");
        return label.isEmpty() ? workload.annotations().getOrDefault("sidecar.istio.io/inject", "") : label;
    }
}
