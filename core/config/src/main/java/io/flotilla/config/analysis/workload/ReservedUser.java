package io.flotilla.config.analysis.workload;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.OptionalInt;

/** Applications that run as the sidecar's user. */
final class ReservedUser implements Check {
    /** The user of the sidecar: what it sends is not captured again. */
    private static final int PROXY = 1337;

    private static final Entry RESERVED = Entry.warning("FA0610", "an application runs as the user of the sidecar", """
                    Connections of user 1337 are not captured, so that the sidecar's own do not go round in circles. An
                    application with this user goes past its sidecar: its calls have no mutual TLS, no routes and no
                    telemetry. Choose another user.""")
            .istio("IST0144");

    @Override
    public List<Entry> entries() {
        return List.of(RESERVED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (WorkloadFact workload : mesh.workloads().all()) {
            if (!mesh.repeated(workload)) {
                check(workload, findings);
            }
        }
    }

    private static void check(WorkloadFact workload, Findings findings) {
        FieldPath spec = workload.at().field("spec");
        if (isProxy(workload.pod().number("spec", "securityContext", "runAsUser"))
                && workload.containers().stream()
                        .anyMatch(each -> !each.text("name").equals("istio-proxy")
                                && each.number("securityContext", "runAsUser").isEmpty())) {
            findings.report(
                    RESERVED,
                    workload.source(),
                    spec.field("securityContext").field("runAsUser"),
                    "1337 is the user of the sidecar; choose another");
        }
        List<Manifest> containers = workload.pod().list("spec", "containers");
        for (int i = 0; i < containers.size(); i++) {
            Manifest each = containers.get(i);
            if (!each.text("name").equals("istio-proxy") && isProxy(each.number("securityContext", "runAsUser"))) {
                findings.report(
                        RESERVED,
                        workload.source(),
                        spec.field("containers")
                                .item(i)
                                .field("securityContext")
                                .field("runAsUser"),
                        "1337 is the user of the sidecar; choose another for \"" + each.text("name") + "\"");
            }
        }
    }

    private static boolean isProxy(OptionalInt user) {
        return user.isPresent() && user.getAsInt() == PROXY;
    }
}
