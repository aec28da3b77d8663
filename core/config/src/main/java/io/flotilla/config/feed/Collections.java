package io.flotilla.config.feed;

import com.google.protobuf.Message;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.api.registry.v1.Node;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Optional;

/** The collections that Galley serves: a type URL each, "GROUP/VERSION/KIND" of the hub version. */
public final class Collections {
    /** All of them, in the order in which a consumer may apply them. */
    public static final List<Collection> ALL = List.of(
            new Collection("core/v1alpha1/MeshConfig", Kind.MESH_CONFIG, MeshConfig.getDefaultInstance()),
            new Collection("flotilla.registry.v1/Namespace", Kind.REGISTRY_NAMESPACE, Namespace.getDefaultInstance()),
            new Collection("flotilla.registry.v1/Node", Kind.REGISTRY_NODE, Node.getDefaultInstance()),
            new Collection("flotilla.registry.v1/Service", Kind.REGISTRY_SERVICE, Service.getDefaultInstance()),
            new Collection(
                    "flotilla.registry.v1/EndpointSlice",
                    Kind.REGISTRY_ENDPOINT_SLICE,
                    EndpointSlice.getDefaultInstance()),
            new Collection("flotilla.registry.v1/Workload", Kind.REGISTRY_WORKLOAD, Workload.getDefaultInstance()),
            new Collection(
                    "networking.istio.io/v1alpha3/ServiceEntry", Kind.SERVICE_ENTRY, ServiceEntry.getDefaultInstance()),
            new Collection(
                    "networking.istio.io/v1alpha3/DestinationRule",
                    Kind.DESTINATION_RULE,
                    DestinationRule.getDefaultInstance()),
            new Collection("networking.istio.io/v1alpha3/Gateway", Kind.GATEWAY, Gateway.getDefaultInstance()),
            new Collection(
                    "networking.istio.io/v1alpha3/VirtualService",
                    Kind.VIRTUAL_SERVICE,
                    VirtualService.getDefaultInstance()),
            new Collection(
                    "security.istio.io/v1beta1/PeerAuthentication",
                    Kind.PEER_AUTHENTICATION,
                    PeerAuthentication.getDefaultInstance()),
            new Collection("authentication.istio.io/v1alpha1/Policy", Kind.POLICY, Policy.getDefaultInstance()),
            new Collection(
                    "authentication.istio.io/v1alpha1/MeshPolicy", Kind.MESH_POLICY, Policy.getDefaultInstance()));

    private Collections() {}

    /**
     * One collection.
     *
     * @param typeUrl on the stream
     * @param kind    of its objects
     * @param message what its envelopes hold
     */
    public record Collection(String typeUrl, Kind kind, Message message) {}

    public static Optional<Collection> of(Kind kind) {
        return ALL.stream().filter(each -> each.kind().equals(kind)).findFirst();
    }

    public static Optional<Collection> of(String typeUrl) {
        return ALL.stream().filter(each -> each.typeUrl().equals(typeUrl)).findFirst();
    }

    /** The type URLs of all. */
    public static List<String> typeUrls() {
        return ALL.stream().map(Collection::typeUrl).toList();
    }
}
