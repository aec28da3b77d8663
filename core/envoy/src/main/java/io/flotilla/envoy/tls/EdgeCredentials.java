package io.flotilla.envoy.tls;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.bootstrap.SdsConfig;
import java.util.List;

/**
 * Who serves an edge the credentials that its servers name: the gateway service beside it, or for names of the form
 * "sds://NAME" a service of the mesh that a provider names (Istio: {@code MeshConfig.extensionProviders.sds}).
 *
 * @param providers in the mesh's order
 */
public record EdgeCredentials(List<Provider> providers) {
    /** What the name of a credential begins with that a provider serves. */
    public static final String EXTERNAL = "sds://";

    private static final EdgeCredentials NONE = new EdgeCredentials(List.of());

    /** A service of the mesh that serves secrets. */
    record Provider(String name, String host, int port) {
        private static Provider of(ExtensionProvider.SDSProvider sds) {
            // "NAMESPACE/HOST" names the service of one namespace.
            String host = sds.getService().substring(sds.getService().indexOf('/') + 1);
            return new Provider(sds.getName(), host, sds.getPort());
        }

        private SdsSecretConfig secret(String name) {
            return SdsConfig.external(name, Names.outbound(port, "", host), host);
        }
    }

    /** Nobody but the gateway service. */
    public static EdgeCredentials none() {
        return NONE;
    }

    /** Those of a mesh. */
    public static EdgeCredentials of(MeshConfig mesh) {
        List<Provider> providers = mesh.getExtensionProvidersList().stream()
                .filter(ExtensionProvider::hasSds)
                .map(each -> Provider.of(each.getSds()))
                .toList();
        return providers.isEmpty() ? NONE : new EdgeCredentials(providers);
    }

    SdsSecretConfig certificate(String name) {
        return external(name) ? provider(name).secret(name) : SdsConfig.edgeCertificate(name);
    }

    SdsSecretConfig authority(String name) {
        return external(name)
                ? provider(name).secret(name + SdsConfig.AUTHORITY_SUFFIX)
                : SdsConfig.edgeAuthority(name);
    }

    private boolean external(String name) {
        return name.startsWith(EXTERNAL) && !providers.isEmpty();
    }

    // Istio up to 1.29 takes NAME for the provider's own, later ones for that of the credential at the only provider.
    private Provider provider(String name) {
        return providers.stream()
                .filter(each -> each.name().equals(name.substring(EXTERNAL.length())))
                .findFirst()
                .orElse(providers.getFirst());
    }
}
