package io.flotilla.pilot.serve;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.service.caller.BoundObjects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The pod of a token, as the registry has it. A token ends with its pod: where the pod of that name is another one by now
 * (a StatefulSet's, say), or was in the registry and is not any more, it proves nothing. A pod that the registry has
 * never known may be one that it does not know yet, and its token is good until its own end.
 *
 * @param mesh  empty while there is none
 * @param knows waits for the pods of a namespace; whether they are in the mesh
 * @param left  pods that were in the registry
 */
public record RegisteredPods(Supplier<Optional<MeshSnapshot>> mesh, Predicate<String> knows, LeftPods left)
        implements BoundObjects {
    @Override
    public Presence presence(ServiceAccountToken token) {
        return token.pod()
                .map(pod -> presence(token.account().namespace(), pod))
                .orElseGet(Presence.Here::new);
    }

    private Presence presence(String namespace, ServiceAccountToken.Pod pod) {
        if (!knows.test(namespace)) {
            return new Presence.Unknown("the pods of namespace " + namespace + " have not come from Galley yet");
        }
        String name = "pod " + namespace + "/" + pod.name();
        Optional<String> uid = mesh.get()
                .flatMap(snapshot -> snapshot.workload(namespace, pod.name()))
                .map(Workload::getUid);
        if (uid.isEmpty()) {
            return left.has(pod.uid()) ? new Presence.Gone(name + " is gone") : new Presence.Here();
        }
        return uid.get().isEmpty() || uid.get().equals(pod.uid())
                ? new Presence.Here()
                : new Presence.Gone(name + " is another one by now");
    }
}
