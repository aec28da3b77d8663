package io.flotilla.pilot.debug;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.flotilla.discovery.ContentHash;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import io.flotilla.identity.SpiffeId;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Answers istioctl, which asks over ADS (a node with GENERATOR "event") for where proxies stand and what they are told.
 * A caller of the control plane's namespace, or on this machine in plaintext, sees all proxies; another one those of its
 * own namespace. Everybody else's streams go to the source of proxies.
 */
public final class DebugStreams implements DiscoverySource {
    private static final String SYNCZ = TypeUrls.DEBUG + "/syncz";
    private static final String CONFIG_DUMP = TypeUrls.DEBUG + "/config_dump";
    private static final String ALL = "";

    private static final String PROXY = "proxyID=";

    private final DiscoverySource proxies;
    private final DebugPages pages;
    private final String systemNamespace;

    public DebugStreams(DiscoverySource proxies, DebugPages pages, String systemNamespace) {
        this.proxies = proxies;
        this.pages = pages;
        this.systemNamespace = systemNamespace;
    }

    @Override
    public Session open(StreamInfo stream, Consumer<View> views) throws DiscoveryRefused {
        if (!text(stream.node().getMetadata(), "GENERATOR").equals("event")) {
            return proxies.open(stream, views);
        }
        return new DebugSession(views, namespace(stream));
    }

    /** The namespace that the caller may see; empty for all. */
    private String namespace(StreamInfo stream) throws DiscoveryRefused {
        if (stream.peerUris().isEmpty()) {
            if (stream.remote().startsWith("/127.") || stream.remote().startsWith("/[0:0:0:0:0:0:0:1]")) {
                return ALL;
            }
            throw new DiscoveryRefused(Status.UNAUTHENTICATED.withDescription(
                    "debugging in plaintext is for this machine: use the port with mutual TLS"));
        }
        String namespace = SpiffeId.parse(stream.peerUris().getFirst())
                .map(id -> id.account().namespace())
                .orElseThrow(() -> new DiscoveryRefused(
                        Status.UNAUTHENTICATED.withDescription("the peer shows no SPIFFE identity")));
        return namespace.equals(systemNamespace) ? ALL : namespace;
    }

    private final class DebugSession implements Session {
        private final Consumer<View> views;
        private final String namespace;
        private final Map<String, ResourceSet> answers = new HashMap<>();
        private long asked;

        DebugSession(Consumer<View> views, String namespace) {
            this.views = views;
            this.namespace = namespace;
        }

        @Override
        public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
            asked++;
            answers.put(typeUrl, ResourceSet.of(answer(typeUrl, List.copyOf(names))));
            views.accept(new View(new Generation(0, Map.of("debug", asked)), answers));
        }

        private List<Resource> answer(String typeUrl, List<String> names) {
            return switch (typeUrl) {
                case SYNCZ ->
                    pages.proxies(namespace).stream()
                            .map(DebugStreams::clientConfig)
                            .map(config -> Resource.of(config.getNode().getId(), config))
                            .toList();
                case CONFIG_DUMP -> names.size() == 1 ? dump(names.getFirst()) : List.of();
                case TypeUrls.DEBUG ->
                    names.isEmpty()
                            ? List.of(page(""))
                            : names.stream().distinct().map(this::page).toList();
                default -> List.of();
            };
        }

        // "config_dump?proxyID=web-0.default": the page as text, in an Any of the type that was asked for.
        private Resource page(String name) {
            int query = name.indexOf('?');
            String proxy = query < 0
                    ? ""
                    : Arrays.stream(name.substring(query + 1).split("&", -1))
                            .filter(part -> part.startsWith(PROXY))
                            .findFirst()
                            .map(part -> part.substring(PROXY.length()))
                            .orElse("");
            DebugPages.Answer answer = pages.answer(
                    new DebugPages.Question(query < 0 ? name : name.substring(0, query), proxy, namespace));
            ByteString bytes = Any.newBuilder()
                    .setTypeUrl(TypeUrls.DEBUG)
                    .setValue(ByteString.copyFromUtf8(answer.body()))
                    .build()
                    .toByteString();
            return new Resource(name, ContentHash.of(bytes), bytes);
        }

        private List<Resource> dump(String proxy) {
            List<Resource> parts = new ArrayList<>();
            pages.resources(new DebugPages.Question("config_dump", proxy, namespace))
                    .ifPresent(resources -> {
                        for (Any part : Dump.parts(resources)) {
                            ByteString bytes = part.toByteString();
                            // A group under the name that was asked for; sets are sorted by name.
                            parts.add(new Resource(proxy + "/" + parts.size(), part.getTypeUrl(), bytes));
                        }
                    });
            return parts;
        }
    }

    private static String id(StreamStatus stream) {
        return stream.info().node().getId();
    }

    private static ClientConfig clientConfig(StreamStatus stream) {
        Struct.Builder metadata = Struct.newBuilder();
        Struct told = stream.info().node().getMetadata();
        put(metadata, "CLUSTER_ID", text(told, "CLUSTER_ID").isEmpty() ? "Kubernetes" : text(told, "CLUSTER_ID"));
        String proxy = SyncStatus.proxy(id(stream));
        put(metadata, "NAMESPACE", proxy.substring(proxy.lastIndexOf('.') + 1));
        put(metadata, "ISTIO_VERSION", Connections.version(stream));
        ClientConfig.Builder config = ClientConfig.newBuilder()
                .setNode(Node.newBuilder().setId(id(stream)).setMetadata(metadata));
        stream.types().forEach(type -> config.addGenericXdsConfigs(xdsConfig(type)));
        return config.build();
    }

    private static ClientConfig.GenericXdsConfig xdsConfig(TypeStatus type) {
        ClientConfig.GenericXdsConfig.Builder config =
                ClientConfig.GenericXdsConfig.newBuilder().setTypeUrl(type.typeUrl());
        TypeStatus.Event sent = type.sent();
        if (sent != null) {
            config.setLastUpdated(timestamp(sent.at()));
        }
        TypeStatus.Event rejected = type.rejected();
        if (rejected != null) {
            config.setErrorState(UpdateFailureState.newBuilder()
                    .setLastUpdateAttempt(timestamp(rejected.at()))
                    .setDetails(type.message()));
        }
        return config.setConfigStatus(
                        rejected != null
                                ? ConfigStatus.ERROR
                                : type.synced()
                                        ? ConfigStatus.SYNCED
                                        : sent == null ? ConfigStatus.NOT_SENT : ConfigStatus.STALE)
                .build();
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static void put(Struct.Builder into, String name, String text) {
        if (!text.isEmpty()) {
            into.putFields(name, Value.newBuilder().setStringValue(text).build());
        }
    }

    private static String text(Struct metadata, String name) {
        return metadata.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }
}
