package io.flotilla.config.platform;

import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.EntryAnnotations;
import io.flotilla.config.model.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * WorkloadEntries as the registry's workloads. An entry that a WorkloadGroup's annotation names takes from the group's
 * template what it leaves unset.
 */
public final class Entries {
    /** Kinds that say so. */
    static final Set<Kind> KINDS = Set.of(Kind.WORKLOAD_ENTRY, Kind.WORKLOAD_GROUP);

    /** Ends the names of these workloads on the wire, which no pod's name can: one of each may have the same. */
    static final String SUFFIX = "~entry";

    private static final String HEALTH_CHECKED = "proxy.istio.io/health-checks-enabled";

    private Entries() {}

    /** The name of the group that an entry was made from; empty where it stands alone. */
    static String group(Config<?> entry) {
        return entry.annotations().getOrDefault(EntryAnnotations.GROUP, "");
    }

    /** One entry, with what its group adds. */
    static Workload workload(Config<WorkloadEntry> config, @Nullable Config<WorkloadGroup> group, String cluster) {
        WorkloadEntry entry = config.spec();
        WorkloadEntry template = group == null
                ? WorkloadEntry.getDefaultInstance()
                : group.spec().getTemplate();
        Map<String, String> labels = new TreeMap<>(template.getLabelsMap());
        if (group != null) {
            labels.putAll(group.spec().getMetadata().getLabelsMap());
        }
        labels.putAll(entry.getLabelsMap());
        labels.putAll(config.labels());
        Map<String, Integer> ports = new TreeMap<>(template.getPortsMap());
        ports.putAll(entry.getPortsMap());
        String account = first(entry.getServiceAccount(), template.getServiceAccount());
        Workload.Builder workload = Workload.newBuilder()
                .setCluster(cluster)
                .setNamespace(config.namespace())
                .setName(config.name())
                .setNetwork(
                        first(entry.getNetwork(), template.getNetwork(), labels.getOrDefault(Workloads.NETWORK, "")))
                .setServiceAccount(account)
                .putAllLabels(labels)
                .putAllAnnotations(config.annotations())
                .setLocality(first(entry.getLocality(), template.getLocality(), locality(labels)))
                .setReady(ready(config.annotations()))
                .setHasSidecar(meshTls(labels, account))
                .setDeclared(true)
                .setWeight(entry.getWeight() > 0 ? entry.getWeight() : template.getWeight())
                .putAllServicePorts(ports);
        if (group != null) {
            workload.setOwnerKind(Kind.WORKLOAD_GROUP.name()).setOwnerName(group.name());
        }
        if (!entry.getAddress().isEmpty()) {
            workload.addAddresses(entry.getAddress());
        }
        return workload.build();
    }

    /** Who says nothing is ready, unless it promised to say. */
    private static boolean ready(Map<String, String> annotations) {
        String said = annotations.getOrDefault(EntryAnnotations.HEALTHY, "");
        return said.isEmpty() ? !"true".equals(annotations.get(HEALTH_CHECKED)) : said.equals("true");
    }

    /** Speaks mesh TLS: by its label, else if it has an identity. */
    private static boolean meshTls(Map<String, String> labels, String account) {
        String mode = labels.getOrDefault(Workloads.TLS_MODE, "");
        return mode.isEmpty() ? !account.isEmpty() : mode.equals("istio");
    }

    private static String locality(Map<String, String> labels) {
        String label = labels.getOrDefault("istio-locality", "");
        return label.contains("/") ? label : label.replace('.', '/');
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }
}
