package io.flotilla.envoy.authz;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import java.util.List;
import java.util.Optional;

/**
 * A server outside that is asked for a verdict, as MeshConfig's extensionProviders name it.
 *
 * @param name     as policies name it
 * @param provider its settings; neither HTTP nor gRPC where MeshConfig does not have it
 * @param host     of its service, empty where the proxy does not see that
 */
public record Authorizer(String name, ExtensionProvider provider, String host) {
    /** Those that the policies name, whether they are there or not. */
    static List<Authorizer> named(Scope scope, Authorization authorization) {
        return authorization.of(Action.CUSTOM, false).stream()
                .map(AccessPolicy::provider)
                .distinct()
                .sorted()
                .map(name -> named(scope, name))
                .toList();
    }

    private static Authorizer named(Scope scope, String name) {
        ExtensionProvider provider = scope.snapshot().mesh().getExtensionProvidersList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElse(ExtensionProvider.getDefaultInstance());
        String service = provider.hasEnvoyExtAuthzGrpc()
                ? provider.getEnvoyExtAuthzGrpc().getService()
                : provider.getEnvoyExtAuthzHttp().getService();
        return new Authorizer(name, provider, host(scope, service).orElse(""));
    }

    // "NAMESPACE/HOST", where several namespaces have the host, or the host alone.
    private static Optional<String> host(Scope scope, String service) {
        int slash = service.indexOf('/');
        String host = service.substring(slash + 1);
        return scope.services().stream()
                .filter(each -> slash < 0 || each.namespace().equals(service.substring(0, slash)))
                .map(MeshService::hostname)
                .filter(host::equals)
                .findFirst();
    }

    boolean isGrpc() {
        return provider.hasEnvoyExtAuthzGrpc();
    }

    boolean isReachable() {
        return !host.isEmpty() && (provider.hasEnvoyExtAuthzGrpc() || provider.hasEnvoyExtAuthzHttp());
    }

    int port() {
        return isGrpc()
                ? provider.getEnvoyExtAuthzGrpc().getPort()
                : provider.getEnvoyExtAuthzHttp().getPort();
    }

    String cluster() {
        return Names.outbound(port(), "", host);
    }

    /** Begins the keys under which the rules tell that this authorizer must be asked. */
    String prefix() {
        return "flotilla_ext_authz_" + name + "_";
    }
}
