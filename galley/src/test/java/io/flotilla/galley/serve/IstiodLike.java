package io.flotilla.galley.serve;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads configuration as istiod does with "configSources: - address: xds://...": state of the world, every type asked
 * for at once with a nonce of its own making and the node only in the first request, each response acknowledged with
 * its nonce and version but for the mesh's, which is a bare message and not acknowledged. It is synced when every type
 * was answered, with something in it or not.
 */
final class IstiodLike implements AutoCloseable {
    /** What the release of August 2026 asks for. */
    static final List<String> TYPES = List.of(
            "core/v1alpha1/MeshConfig",
            "security.istio.io/v1/AuthorizationPolicy",
            "networking.istio.io/v1/DestinationRule",
            "networking.istio.io/v1alpha3/EnvoyFilter",
            "networking.istio.io/v1/Gateway",
            "security.istio.io/v1/PeerAuthentication",
            "networking.istio.io/v1beta1/ProxyConfig",
            "security.istio.io/v1/RequestAuthentication",
            "networking.istio.io/v1/ServiceEntry",
            "networking.istio.io/v1/Sidecar",
            "telemetry.istio.io/v1/Telemetry",
            "extensions.istio.io/v1alpha1/TrafficExtension",
            "networking.istio.io/v1/VirtualService",
            "extensions.istio.io/v1alpha1/WasmPlugin",
            "networking.istio.io/v1/WorkloadEntry",
            "networking.istio.io/v1/WorkloadGroup");

    private final ManagedChannel channel;
    private final StreamObserver<DiscoveryRequest> requests;
    private final BlockingQueue<DiscoveryResponse> responses = new LinkedBlockingQueue<>();

    /** Type to name to object. */
    final Map<String, Map<String, Resource>> held = new TreeMap<>();

    final Map<String, List<Any>> bare = new HashMap<>();

    IstiodLike(int port) {
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(new StreamObserver<>() {
            @Override
            public void onNext(DiscoveryResponse response) {
                responses.add(response);
            }

            @Override
            public void onError(Throwable problem) {}

            @Override
            public void onCompleted() {}
        });
        boolean first = true;
        for (String type : TYPES) {
            DiscoveryRequest.Builder request =
                    DiscoveryRequest.newBuilder().setTypeUrl(type).setResponseNonce("2026-11-21 12:00:00 m=+1.5");
            requests.onNext((first ? request.setNode(node()) : request).build());
            first = false;
        }
    }

    private static Node node() {
        return Node.newBuilder()
                .setId("sidecar~10.0.0.9~istiod-0.istio-system~istio-system.svc.cluster.local")
                .setMetadata(Struct.newBuilder()
                        .putFields("GENERATOR", text("api"))
                        .putFields("ISTIO_VERSION", text("65536.65536.65536")))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    /** Every type was answered. */
    boolean synced() {
        return held.keySet().containsAll(TYPES);
    }

    /** Takes and acknowledges the next response; what comes back is its type. */
    String take() throws InterruptedException, InvalidProtocolBufferException {
        DiscoveryResponse response = responses.poll(60, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("no response within a minute; held are " + held.keySet());
        }
        Map<String, Resource> objects = new TreeMap<>();
        if (response.getTypeUrl().equals("core/v1alpha1/MeshConfig")) {
            bare.put(response.getTypeUrl(), response.getResourcesList());
        } else {
            for (Any any : response.getResourcesList()) {
                Resource resource = any.unpack(Resource.class);
                objects.put(resource.getMetadata().getName(), resource);
            }
            requests.onNext(DiscoveryRequest.newBuilder()
                    .setNode(node())
                    .setTypeUrl(response.getTypeUrl())
                    .setVersionInfo(response.getVersionInfo())
                    .setResponseNonce(response.getNonce())
                    .build());
        }
        held.put(response.getTypeUrl(), objects);
        return response.getTypeUrl();
    }

    Map<String, Resource> of(String type) {
        return held.getOrDefault(type, Map.of());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
