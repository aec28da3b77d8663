package io.flotilla.pilot.serve;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.service.caller.BoundObjects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pod of a token, as the registry has it. A token ends with its pod: where the pod of that name is another one by now
 * (a StatefulSet's, say) it proves nothing. A pod that the registry does not know may be one that it does
 * not know yet, and its token is good until its own end.
 *
 * @param mesh empty while there is none
 */
public record RegisteredPods(Supplier<Optional<MeshSnapshot>> mesh) implements BoundObjects {
    @Override
    public Presence presence(ServiceAccountToken token) {
        String namespace = token.account().namespace();
        return token.pod()
                .flatMap(pod -> mesh.get()
                        .flatMap(snapshot -> snapshot.workload(namespace, pod.name()))
                        .map(Workload::getUid)
                        .filter(uid -> !uid.isEmpty() && !uid.equals(pod.uid()))
                        .<Presence>map(uid ->
                                new Presence.Gone("pod " + namespace + "/" + pod.name() + " is another one by now")))
                .orElseGet(Presence.Here::new);
    }
}
