package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody who calls.
 *
 * @param identity  "spiffe://..." that it can show; empty for one outside of the mesh
 * @param namespace by whose rules it calls; empty outside
 * @param labels    by which rules choose their clients
 * @param address   empty where it is not known
 */
record Who(String identity, String namespace, Map<String, String> labels, String address) {
    static final String NOBODY = "none";
    private static final String SPIFFE = "spiffe://";

    Who {
        labels = Map.copyOf(labels);
    }

    /** A SPIFFE id, "none", a service account, or a workload whose service account is meant. */
    static Who named(String text, String namespace, MeshSource.Read mesh) {
        if (text.equals(NOBODY)) {
            return new Who("", "", Map.of(), "");
        }
        if (text.startsWith(SPIFFE)) {
            String[] parts = text.split("/", -1);
            return new Who(text, parts.length > 4 ? parts[4] : "", Map.of(), "");
        }
        Workloads workloads = new Workloads(mesh);
        Workloads.Name name = Workloads.Name.parse(text, namespace);
        Optional<Who> account = text.startsWith("pod/") || text.startsWith("deploy/")
                ? Optional.empty()
                : account(name, workloads, mesh);
        return account.or(() -> workloads.find(name).map(workload -> of(workload, mesh.snapshot())))
                .orElseThrow(() -> CommandFailure.couldNotRun("--from " + text
                        + ": no such service account or pod in namespace " + name.namespace()
                        + "; \"none\" is a caller without identity, and a SPIFFE id names anybody"));
    }

    private static Optional<Who> account(Workloads.Name name, Workloads workloads, MeshSource.Read mesh) {
        boolean written = mesh.objects().stream()
                .anyMatch(object -> object.key().kind().equals(Kind.SERVICE_ACCOUNT)
                        && object.namespace().equals(name.namespace())
                        && object.name().equals(name.name()));
        boolean used = workloads.in(name.namespace()).stream()
                .anyMatch(workload -> workload.getServiceAccount().equals(name.name()));
        return written || used
                ? Optional.of(new Who(
                        Workloads.identity(mesh.snapshot(), name.namespace(), name.name()),
                        name.namespace(),
                        Map.of(),
                        ""))
                : Optional.empty();
    }

    /** A workload; one without a sidecar has nothing to show. */
    static Who of(Workload workload, MeshSnapshot mesh) {
        return new Who(
                workload.getHasSidecar()
                        ? Workloads.identity(mesh, workload.getNamespace(), workload.getServiceAccount())
                        : "",
                workload.getNamespace(),
                workload.getLabelsMap(),
                Workloads.address(workload));
    }
}
