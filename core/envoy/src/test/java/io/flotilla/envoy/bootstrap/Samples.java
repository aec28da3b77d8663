package io.flotilla.envoy.bootstrap;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Locality;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings of the bootstraps under test. */
final class Samples {
    private Samples() {}

    static BootstrapSettings sidecar(
            ControlPlane controlPlane, StaticListeners listeners, String appHost, ProxyTuning tuning) {
        return new BootstrapSettings(
                node(ProxyRole.SIDECAR),
                controlPlane,
                listeners,
                List.of(
                        new AppProbe.Http(
                                "/app-health/reviews/readyz", new Address(appHost, 9080), "/health?deep=1", false),
                        new AppProbe.Http("/app-health/reviews/livez", new Address(appHost, 9443), "/live", true),
                        new AppProbe.Tcp(
                                "/app-health/db/readyz", new Address(appHost, 3306), Durations.fromMillis(200)),
                        new AppProbe.Grpc(
                                "/app-health/rpc/livez", new Address(appHost, 7000), "", Durations.fromMillis(200))),
                tuning,
                Optional.empty());
    }

    static BootstrapSettings gateway(ControlPlane controlPlane, StaticListeners listeners) {
        return new BootstrapSettings(
                node(ProxyRole.ROUTER),
                controlPlane,
                listeners,
                List.of(),
                new ProxyTuning(
                        1000, OptionalLong.of(1L << 30), List.of("http."), OptionalLong.of(1337), Optional.empty()),
                Optional.of(new EdgeSecrets.Socket("/var/run/flotilla/sds.sock")));
    }

    static ProxyNode node(ProxyRole role) {
        return new ProxyNode(
                role,
                new ProxyNode.Pod("reviews-v1-0", "default", "10.44.0.7", "uid-1"),
                new ProxyNode.Workload(
                        "reviews-v1", "reviews", "bookinfo-reviews", Map.of("version", "v1", "app", "reviews")),
                new ProxyNode.Placement(
                        "cluster.local",
                        "Kubernetes",
                        "",
                        "default",
                        InterceptionMode.REDIRECT,
                        Locality.newBuilder().setRegion("eu").setZone("eu-1").build()));
    }
}
