package io.flotilla.envoy.wasm;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.CollectorLink;
import io.flotilla.envoy.cluster.StaticClusters;
import io.flotilla.envoy.tls.CredentialServer;
import io.flotilla.envoy.tls.OriginatedTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** From where proxies of a namespace fetch modules. */
public final class ModuleClusters {
    private ModuleClusters() {}

    /** Everything that such a cluster is made of. */
    private record Key(String name, Module.Remote from, Duration connectTimeout) {
        Cluster build() {
            Cluster plain = new StaticClusters.Collector(
                            name, from.host(), from.port(), Protocol.HTTP, connectTimeout, CollectorLink.NONE)
                    .build();
            if (!from.tls()) {
                return plain;
            }
            ClientTLSSettings tls = ClientTLSSettings.newBuilder()
                    .setMode(ClientTLSSettings.TLSmode.SIMPLE)
                    .setSni(from.host())
                    .setCaCertificates("system")
                    .build();
            return plain.toBuilder()
                    .setTransportSocket(OriginatedTls.of(tls, List.of(from.host()), false, CredentialServer.NOBODY))
                    .build();
        }
    }

    /** The cluster by which a module is fetched: its service's, or one of its own. */
    static String name(Scope scope, Module.Remote from) {
        return served(scope, from)
                ? Names.outbound(from.port(), "", from.host())
                : "wasm|" + (from.tls() ? "https" : "http") + "|" + from.port() + "|" + from.host();
    }

    /** Those that stand for no visible service, each once. */
    public static List<Cluster> of(Scope scope) {
        List<Cluster> clusters = new ArrayList<>();
        List<String> made = new ArrayList<>();
        for (Config<WasmPlugin> config :
                scope.snapshot().extensions().wasmPlugins(scope.view().namespace())) {
            if (Module.of(config.spec()) instanceof Module.Remote from && !served(scope, from)) {
                String name = name(scope, from);
                if (!made.contains(name)) {
                    made.add(name);
                    Module.Remote anywhere = new Module.Remote("", from.host(), from.port(), from.tls(), "");
                    clusters.add(scope.cache()
                            .get(new Key(name, anywhere, scope.settings().connectTimeout()), Key::build));
                }
            }
        }
        return clusters;
    }

    // A service's cluster knows whether its server speaks mesh TLS; an https server ends TLS of its own.
    private static boolean served(Scope scope, Module.Remote from) {
        return !from.tls()
                && scope.services().stream()
                        .anyMatch(service -> service.hostname().equals(from.host())
                                && service.port(from.port()).isPresent());
    }
}
