package io.flotilla.discovery.client;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.ContentHash;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One dialect as a client speaks it. */
interface Reading<Q, R> {
    String ALL = "*";

    MethodDescriptor<Q, R> method();

    /** The first request of a type, told what is held; the first of a stream names the node. */
    Q first(Asked asked, boolean named, String typeUrl, ResourceSet held);

    /**
     * What a stream is opened for.
     *
     * @param groups of the types that come in groups; over state of the world it is all of them
     */
    record Asked(ClientSettings settings, Groups groups) {}

    /** Takes a response, or refuses it with a message. */
    Q answer(Response response, @Nullable String refusal);

    /** What a response says; the state of the world is compared with what is staged. */
    Response read(R response, Function<String, ResourceSet> staged);

    /** A response of either dialect, with the resources that differ. */
    record Response(String typeUrl, String nonce, String version, List<Resource> changed, List<String> removed) {}

    private static Status refused(String message) {
        return Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage(message)
                .build();
    }

    /** Incremental. */
    record Delta() implements Reading<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
        @Override
        public MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method() {
            return AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod();
        }

        @Override
        public DeltaDiscoveryRequest first(Asked asked, boolean named, String typeUrl, ResourceSet held) {
            DeltaDiscoveryRequest.Builder request =
                    DeltaDiscoveryRequest.newBuilder().setTypeUrl(typeUrl);
            if (asked.groups().all() || !TypeUrls.grouped(typeUrl)) {
                request.addResourceNamesSubscribe(ALL);
            } else if (asked.groups().names().isEmpty()) {
                // A first request that names nothing would be for everything.
                request.addResourceNamesUnsubscribe(ALL);
            } else {
                request.addAllResourceNamesSubscribe(asked.groups().names());
            }
            if (named) {
                request.setNode(asked.settings().node());
            }
            held.resources()
                    .forEach(resource -> request.putInitialResourceVersions(resource.name(), resource.version()));
            return request.build();
        }

        @Override
        public DeltaDiscoveryRequest answer(Response response, @Nullable String refusal) {
            DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(response.typeUrl())
                    .setResponseNonce(response.nonce());
            if (refusal != null) {
                request.setErrorDetail(refused(refusal));
            }
            return request.build();
        }

        @Override
        public Response read(DeltaDiscoveryResponse response, Function<String, ResourceSet> staged) {
            List<Resource> changed = response.getResourcesList().stream()
                    .map(entry -> new Resource(
                            entry.getName(),
                            entry.getVersion(),
                            entry.getResource().toByteString()))
                    .toList();
            return new Response(
                    response.getTypeUrl(),
                    response.getNonce(),
                    response.getSystemVersionInfo(),
                    changed,
                    response.getRemovedResourcesList());
        }
    }

    /**
     * State of the world. The protocol has no names and versions of single resources: the caller says how a resource
     * is named, and its version is its content's hash.
     */
    record World(Function<Any, String> naming, Map<String, String> versions)
            implements Reading<DiscoveryRequest, DiscoveryResponse> {
        World(Function<Any, String> naming) {
            this(naming, new HashMap<>());
        }

        @Override
        public MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method() {
            return AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod();
        }

        @Override
        public DiscoveryRequest first(Asked asked, boolean named, String typeUrl, ResourceSet held) {
            DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setVersionInfo(versions.getOrDefault(typeUrl, ""));
            return (named ? request.setNode(asked.settings().node()) : request).build();
        }

        @Override
        public DiscoveryRequest answer(Response response, @Nullable String refusal) {
            DiscoveryRequest.Builder request =
                    DiscoveryRequest.newBuilder().setTypeUrl(response.typeUrl()).setResponseNonce(response.nonce());
            if (refusal == null) {
                versions.put(response.typeUrl(), response.version());
            } else {
                request.setErrorDetail(refused(refusal));
            }
            return request.setVersionInfo(versions.getOrDefault(response.typeUrl(), ""))
                    .build();
        }

        @Override
        public Response read(DiscoveryResponse response, Function<String, ResourceSet> staged) {
            ResourceSet told = ResourceSet.of(response.getResourcesList().stream()
                    .map(any -> new Resource(naming.apply(any), ContentHash.of(any.toByteString()), any.toByteString()))
                    .toList());
            ResourceDiff diff = ResourceDiff.between(staged.apply(response.getTypeUrl()), told);
            return new Response(
                    response.getTypeUrl(),
                    response.getNonce(),
                    response.getVersionInfo(),
                    diff.changed(),
                    diff.removed());
        }
    }
}
