package io.flotilla.config.analysis.security;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Classic policies whose word on mutual TLS does not count, since a PeerAuthentication has the first one. */
final class OverruledPolicies implements Check {
    private static final Entry OVERRULED =
            Entry.warning("FA0523", "a PeerAuthentication decides what a Policy of Istio 1.1 says of mutual TLS", """
            Every PeerAuthentication that says something of a workload (its own, its namespace's, the mesh's) comes
            before every Policy and MeshPolicy of Istio 1.1, also before one that names the service. So peers of this
            policy has no effect there; its origins hold on. Say it by a PeerAuthentication and remove the policy, or
            remove the PeerAuthentication as long as the mesh is steered by policies of Istio 1.1.""");

    @Override
    public List<Entry> entries() {
        return List.of(OVERRULED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        ServerMtls servers = new ServerMtls(mesh);
        Optional<ServerMtls.Decision> ofMesh = servers.wide(mesh.settings().rootNamespace());
        mesh.all(Kind.MESH_POLICY, Policy.class).stream()
                .filter(policy -> policy.name().equals("default") && speaks(policy))
                .forEach(policy -> ofMesh.ifPresent(by -> whole(policy, by, findings)));
        for (Config<Policy> policy : mesh.all(Kind.POLICY, Policy.class)) {
            Optional<ServerMtls.Decision> all = servers.wide(policy.namespace()).or(() -> ofMesh);
            if (!speaks(policy)) {
                continue;
            }
            if (all.isPresent()) {
                whole(policy, all.get(), findings);
            } else {
                targets(mesh, servers, policy, findings);
            }
        }
    }

    /** One that has tokens to check alone is not about mutual TLS, though it turns it off as in Istio 1.1. */
    private static boolean speaks(Config<Policy> policy) {
        return policy.spec().getPeersCount() > 0 || policy.spec().getOriginsCount() == 0;
    }

    private static void whole(Config<Policy> policy, ServerMtls.Decision by, Findings findings) {
        findings.report(OVERRULED, policy, Paths.SPEC.field("peers"), "has no effect: " + word(by));
    }

    /** The first workload of each target for which a PeerAuthentication decides. */
    private static void targets(Mesh mesh, ServerMtls servers, Config<Policy> policy, Findings findings) {
        for (int i = 0; i < policy.spec().getTargetsCount(); i++) {
            TargetSelector target = policy.spec().getTargets(i);
            MeshService service =
                    mesh.hosts().find(target.getName(), policy.namespace()).orElse(null);
            if (service == null) {
                continue;
            }
            for (WorkloadFact workload : mesh.behind(service)) {
                Optional<ServerMtls.Decision> by = ports(service, target)
                        .flatMap(port -> servers
                                .peer(
                                        workload.namespace(),
                                        workload.labels(),
                                        ClientAgainstServer.target(mesh, service, port, workload))
                                .stream())
                        .findFirst();
                if (by.isPresent()) {
                    findings.report(
                            OVERRULED,
                            policy,
                            Paths.item("targets", i),
                            "peers has no effect on " + workload.source().key() + ": " + word(by.get()));
                    break;
                }
            }
        }
    }

    private static Stream<ServicePort> ports(MeshService service, TargetSelector target) {
        return service.ports().stream().filter(port -> ServerMtls.names(target, port));
    }

    private static String word(ServerMtls.Decision by) {
        return by.reason() + " comes before it and says " + by.mode();
    }
}
