package io.flotilla.config.analysis.external;

import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** WorkloadGroups and WorkloadEntries. */
final class Groups implements Check {
    private static final Entry ACCOUNT = Entry.warning(
                    "FA1005", "a WorkloadGroup or WorkloadEntry names a service account that does not exist", """
                    Workloads of the group get certificates for this service account of its namespace, and there is none,
                    so they cannot prove who they are. Create the ServiceAccount, or correct the name.""")
            .kiali("KIA1701");
    private static final Entry LABELS = Entry.warning("FA1006", "several WorkloadGroups have the same labels", """
                    Workloads of both groups have the same labels, so selectors of services and policies cannot tell
                    them apart. Give each group a label of its own.""")
            .kiali("KIA1702");

    @Override
    public List<Entry> entries() {
        return List.of(ACCOUNT, LABELS);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, List<Config<WorkloadGroup>>> byLabels = new TreeMap<>();
        for (Config<WorkloadGroup> group : mesh.all(Kind.WORKLOAD_GROUP, WorkloadGroup.class)) {
            account(
                    mesh,
                    group,
                    group.spec().getTemplate().getServiceAccount(),
                    Paths.SPEC.field("template").field("serviceAccount"),
                    findings);
            Map<String, String> labels =
                    new TreeMap<>(group.spec().getMetadata().getLabelsMap());
            labels.putAll(group.spec().getTemplate().getLabelsMap());
            if (!labels.isEmpty()) {
                byLabels.computeIfAbsent(group.namespace() + " " + Labels.text(labels), key -> new ArrayList<>(1))
                        .add(group);
            }
        }
        mesh.all(Kind.WORKLOAD_ENTRY, WorkloadEntry.class)
                .forEach(entry -> account(
                        mesh, entry, entry.spec().getServiceAccount(), Paths.SPEC.field("serviceAccount"), findings));
        byLabels.forEach((key, groups) -> {
            for (Config<WorkloadGroup> group : groups.size() > 1 ? groups : List.<Config<WorkloadGroup>>of()) {
                String others = groups.stream()
                        .map(Config::name)
                        .filter(name -> !name.equals(group.name()))
                        .collect(Collectors.joining(", "));
                findings.report(
                        LABELS,
                        group,
                        Paths.SPEC.field("metadata").field("labels"),
                        "WorkloadGroup " + others + " has the labels " + key.substring(key.indexOf(' ') + 1) + " too");
            }
        });
    }

    /** Where no ServiceAccount was read at all, nobody knows which there are. */
    private static void account(Mesh mesh, Config<?> config, String name, FieldPath at, Findings findings) {
        if (!name.isEmpty()
                && mesh.has(Kind.SERVICE_ACCOUNT)
                && mesh.find(Kind.SERVICE_ACCOUNT, config.namespace(), name).isEmpty()) {
            findings.report(
                    ACCOUNT,
                    config,
                    at,
                    "there is no ServiceAccount \"" + name + "\" in namespace " + config.namespace());
        }
    }
}
