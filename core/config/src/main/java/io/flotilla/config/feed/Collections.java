package io.flotilla.config.feed;

import com.google.protobuf.Message;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.api.registry.v1.Node;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The collections that Galley serves: a type URL each, "GROUP/VERSION/KIND" of the hub version. */
public final class Collections {
    private static final List<String> NETWORKING_ASKED = List.of("v1", "v1beta1");
    private static final List<String> SECURITY_ASKED = List.of("v1");

    private static final List<Collection> CURRENT = List.of(
            own("core/v1alpha1/MeshConfig", Kind.MESH_CONFIG, MeshConfig.getDefaultInstance()),
            own("flotilla.registry.v1/Namespace", Kind.REGISTRY_NAMESPACE, Namespace.getDefaultInstance()),
            own("flotilla.registry.v1/Node", Kind.REGISTRY_NODE, Node.getDefaultInstance()),
            own("flotilla.registry.v1/Service", Kind.REGISTRY_SERVICE, Service.getDefaultInstance()),
            own("flotilla.registry.v1/EndpointSlice", Kind.REGISTRY_ENDPOINT_SLICE, EndpointSlice.getDefaultInstance()),
            own("flotilla.registry.v1/Workload", Kind.REGISTRY_WORKLOAD, Workload.getDefaultInstance()),
            networking(Kind.WORKLOAD_GROUP, WorkloadGroup.getDefaultInstance()),
            networking(Kind.WORKLOAD_ENTRY, WorkloadEntry.getDefaultInstance()),
            networking(Kind.SERVICE_ENTRY, ServiceEntry.getDefaultInstance()),
            networking(Kind.DESTINATION_RULE, DestinationRule.getDefaultInstance()),
            networking(Kind.GATEWAY, Gateway.getDefaultInstance()),
            networking(Kind.VIRTUAL_SERVICE, VirtualService.getDefaultInstance()),
            networking(Kind.SIDECAR, Sidecar.getDefaultInstance()),
            networking(Kind.ENVOY_FILTER, EnvoyFilter.getDefaultInstance()),
            collection(Kind.PROXY_CONFIG, "v1beta1", ProxyConfig.getDefaultInstance(), List.of("v1alpha3", "v1")),
            security(Kind.PEER_AUTHENTICATION, PeerAuthentication.getDefaultInstance()),
            security(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.getDefaultInstance()),
            security(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.getDefaultInstance()),
            collection(Kind.REVOCATION, "v1", Revocation.getDefaultInstance(), List.of()),
            collection(Kind.KEY_SET, "v1", KeySet.getDefaultInstance(), List.of()),
            collection(Kind.TELEMETRY, "v1alpha1", Telemetry.getDefaultInstance(), List.of("v1")),
            collection(Kind.WASM_PLUGIN, "v1alpha1", WasmPlugin.getDefaultInstance(), List.of()));

    private static final List<Collection> PROXIES =
            together(List.of(CURRENT, ClassicCollections.security(), ClassicCollections.clients()));

    /** All of them, in the order in which a consumer may apply them. */
    public static final List<Collection> ALL = together(List.of(PROXIES, ClassicCollections.mixer()));

    private static final Map<Kind, Collection> BY_KIND = by(Collection::kind);
    private static final Map<String, Collection> BY_TYPE_URL = by(Collection::typeUrl);

    private Collections() {}

    /**
     * One collection.
     *
     * @param typeUrl on the stream
     * @param kind    of its objects
     * @param message what its envelopes hold
     * @param aliases type URLs under which others ask for the same objects: istiod from 1.22 on asks for the newest
     *                version of each kind ("networking.istio.io/v1/VirtualService"; EnvoyFilter v1alpha3, ProxyConfig
     *                v1beta1, WasmPlugin v1alpha1), before that for v1alpha3, security v1beta1, telemetry v1alpha1
     */
    public record Collection(String typeUrl, Kind kind, Message message, List<String> aliases) {
        public Collection {
            aliases = List.copyOf(aliases);
        }
    }

    public static Optional<Collection> of(Kind kind) {
        return Optional.ofNullable(BY_KIND.get(kind));
    }

    public static Optional<Collection> of(String typeUrl) {
        return Optional.ofNullable(BY_TYPE_URL.get(typeUrl));
    }

    /** The collection under its own type URL, or under that of any version of its kind. */
    public static Optional<Collection> asked(String typeUrl) {
        return ALL.stream()
                .filter(each -> each.typeUrl().equals(typeUrl) || each.aliases().contains(typeUrl))
                .findFirst();
    }

    /** The type URLs of all. */
    public static List<String> typeUrls() {
        return ALL.stream().map(Collection::typeUrl).toList();
    }

    /** The type URLs of what proxies are configured by: all but what only Mixer reads. */
    public static List<String> proxyTypeUrls() {
        return PROXIES.stream().map(Collection::typeUrl).toList();
    }

    private static List<Collection> together(List<List<Collection>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    private static <T> Map<T, Collection> by(Function<Collection, T> part) {
        return ALL.stream().collect(Collectors.toUnmodifiableMap(part, each -> each));
    }

    private static Collection own(String typeUrl, Kind kind, Message message) {
        return new Collection(typeUrl, kind, message, List.of());
    }

    private static Collection networking(Kind kind, Message message) {
        return collection(kind, "v1alpha3", message, NETWORKING_ASKED);
    }

    private static Collection security(Kind kind, Message message) {
        return collection(kind, "v1beta1", message, SECURITY_ASKED);
    }

    static Collection collection(Kind kind, String hub, Message message, List<String> others) {
        return new Collection(
                typeUrl(kind, hub),
                kind,
                message,
                others.stream().map(version -> typeUrl(kind, version)).toList());
    }

    private static String typeUrl(Kind kind, String version) {
        return kind.group() + "/" + version + "/" + kind.name();
    }
}
