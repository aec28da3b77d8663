package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes and mirrors to what is defined but has no workload. */
final class DeadSubset implements Check {
    private static final Entry ROUTE = Entry.error("FA0221", "a route leads to a subset that no workload is in", """
                    The subset is defined, but its labels fit none of the service's workloads, so there is no server
                    and requests that are sent there get 503. Correct the labels of the subset (they are those of
                    pods, not of the Service), deploy the version, or send its weight elsewhere.""")
            .istio("IST0173")
            .kiali("KIA0203");
    private static final Entry MIRROR = Entry.warning("FA0220", "requests are mirrored to where nobody is", """
            The mirror's host or subset has no workload, so the copies are thrown away and the trial that they were
            meant for does not happen. Nothing else shows it, since answers of mirrors are ignored. Deploy the
            version, correct the labels of the subset, or remove the mirror.""");

    @Override
    public List<Entry> entries() {
        return List.of(ROUTE, MIRROR);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (Target target : Target.of(service.spec())) {
                mesh.hosts()
                        .find(target.destination().getHost(), service.namespace())
                        .ifPresent(called -> check(mesh, service, target, called, findings));
            }
        }
    }

    private static void check(
            Mesh mesh, Config<VirtualService> service, Target target, MeshService called, Findings findings) {
        if (called.external() || called.resolution() == MeshService.Resolution.DNS) {
            return;
        }
        boolean mirror = target.role() == Target.Role.MIRROR;
        Set<Map<String, String>> servers = mesh.servers(called);
        String name = target.destination().getSubset();
        if (name.isEmpty()) {
            if (mirror && servers.isEmpty()) {
                findings.report(MIRROR, service, target.at(), called.hostname() + " has no workload");
            }
            return;
        }
        Map<String, String> labels = mesh.rules()
                .subset(called.hostname(), name, service.namespace())
                .map(Subset::getLabelsMap)
                .orElse(Map.of());
        // A service without any workload is reported once, where it stands.
        boolean dead = !labels.isEmpty()
                && (mirror || !servers.isEmpty())
                && servers.stream().noneMatch(each -> Labels.fit(labels, each));
        if (dead && mirror) {
            findings.report(MIRROR, service, target.at(), "subset \"" + name + "\" has no workload");
        } else if (dead && target.weight() > 0) {
            findings.report(
                    ROUTE,
                    service,
                    target.at().field("subset"),
                    target.weight() + " % of the requests go to subset \"" + name + "\", whose labels "
                            + Labels.text(labels) + " no workload of " + called.hostname() + " has");
        }
    }
}
