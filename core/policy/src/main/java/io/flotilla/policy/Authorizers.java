package io.flotilla.policy;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.policy.Protection.Authorizer;
import java.util.List;

/** Which authorizers outside a workload's proxy can ask: MeshConfig names them, and the proxy sees their service. */
final class Authorizers {
    private Authorizers() {}

    static List<Authorizer> of(MeshSnapshot mesh, Guarded workload) {
        List<MeshService> seen =
                mesh.imports(workload.namespace(), workload.labels(), true).services();
        return mesh.meshConfig().getExtensionProvidersList().stream()
                .filter(each -> each.hasEnvoyExtAuthzGrpc() || each.hasEnvoyExtAuthzHttp())
                .filter(each -> seen.stream().anyMatch(service -> is(service, service(each))))
                .map(each -> new Authorizer(each.getName(), each.hasEnvoyExtAuthzGrpc()))
                .toList();
    }

    private static String service(ExtensionProvider provider) {
        return provider.hasEnvoyExtAuthzGrpc()
                ? provider.getEnvoyExtAuthzGrpc().getService()
                : provider.getEnvoyExtAuthzHttp().getService();
    }

    /** "HOST", or "NAMESPACE/HOST" where several namespaces have the host. */
    private static boolean is(MeshService service, String named) {
        int slash = named.indexOf('/');
        return service.hostname().equals(named.substring(slash + 1))
                && (slash < 0 || service.namespace().equals(named.substring(0, slash)));
    }
}
