package io.flotilla.cli;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.cli.ObjectPlace.ObjectType;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.EntryAnnotations;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshConfigMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * The WorkloadEntry of a machine: how its application is probed, and where its health is told.
 *
 * @param place     where objects are
 * @param namespace of the entry
 * @param name      of the entry
 */
record MachineEntry(ObjectPlace place, String namespace, String name) {
    /**
     * The probe of the entry's group, else the mesh's readinessProbe.
     *
     * @param asked a group; empty for the one that the entry's annotation names
     * @param mesh  namespace of the mesh's ConfigMap
     */
    ReadinessProbe probe(String asked, String mesh) throws IOException {
        Map<String, Object> entry = place.get(ObjectType.WORKLOAD_ENTRY, namespace, name)
                .orElseThrow(() -> CommandFailure.no("there is no WorkloadEntry " + namespace + "/" + name));
        String group = asked.isEmpty() ? config(entry).annotations().getOrDefault(EntryAnnotations.GROUP, "") : asked;
        if (!group.isEmpty()) {
            Optional<ReadinessProbe> probe = place.get(ObjectType.WORKLOAD_GROUP, namespace, group)
                    .map(MachineEntry::config)
                    .filter(config -> config.spec() instanceof WorkloadGroup said && said.hasProbe())
                    .map(config -> ((WorkloadGroup) config.spec()).getProbe());
            if (probe.isPresent()) {
                return probe.get();
            }
        }
        MeshConfig said = mesh(mesh);
        if (!said.getDefaultConfig().hasReadinessProbe()) {
            throw CommandFailure.no("WorkloadEntry " + namespace + "/" + name + " has no probe: neither "
                    + (group.isEmpty()
                            ? "a WorkloadGroup (annotation " + EntryAnnotations.GROUP + ", or --group)"
                            : "WorkloadGroup " + group)
                    + " nor MeshConfig's defaultConfig.readinessProbe says one");
        }
        return said.getDefaultConfig().getReadinessProbe();
    }

    @SuppressWarnings("unchecked") // a ConfigMap is always read as a Struct
    private MeshConfig mesh(String namespace) throws IOException {
        for (String map : MeshConfigMap.NAMES) {
            Optional<MeshConfig> mesh = place.get(ObjectType.CONFIG_MAP, namespace, map)
                    .map(MachineEntry::config)
                    .flatMap(config -> MeshConfigMap.read((Config<Struct>) config, new ArrayList<>()))
                    .map(Config::spec);
            if (mesh.isPresent()) {
                return mesh.get();
            }
        }
        return MeshConfig.getDefaultInstance();
    }

    /** The mesh sends requests to a healthy machine alone. */
    void tell(boolean healthy) throws IOException {
        place.annotate(ObjectType.WORKLOAD_ENTRY, namespace, name, EntryAnnotations.HEALTHY, Boolean.toString(healthy));
    }

    private static Config<?> config(Map<String, Object> object) {
        return new ObjectReader(ReadOptions.DEFAULT)
                .read("object", OutputOption.yamlOf(object))
                .objects()
                .getFirst()
                .config();
    }
}
