package io.flotilla.pilot.chaos;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.Stamps;
import io.flotilla.discovery.TypeUrls;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy as far as discovery goes: it subscribes as Envoy does, acknowledges (maybe late), comes back. */
final class AdsClient {
    /** How the proxy speaks. */
    enum Mode {
        HOSTS,
        WHOLE,
        WORLD
    }

    final String name;
    final Mode mode;
    final Trace trace;
    private ManagedChannel channel;
    private final ScheduledExecutorService timer;
    private final int delayMillis;
    private final Map<String, TreeMap<String, Any>> held = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();
    private final Map<String, Map<String, String>> resourceVersions = new HashMap<>();
    private final Map<String, Set<String>> wanted = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private int session;
    // A state of the world says nothing of what the proxy held before the stream: what is gone is gone at once.
    private boolean judged = true;
    private @Nullable StreamObserver<DeltaDiscoveryRequest> delta;
    private @Nullable StreamObserver<DiscoveryRequest> world;

    AdsClient(
            String name,
            Mode mode,
            ManagedChannel channel,
            ScheduledExecutorService timer,
            int delayMillis,
            Trace trace) {
        this.name = name;
        this.mode = mode;
        this.channel = channel;
        this.timer = timer;
        this.delayMillis = delayMillis;
        this.trace = trace;
    }

    /** Opens the stream, telling what is held from before. */
    synchronized void connect() {
        session++;
        asked.clear();
        judged = mode != Mode.WORLD;
        int mine = session;
        if (mode != Mode.WORLD) {
            // All that another server can know of it is what its versions tell.
            List.of(TypeUrls.CLUSTER, TypeUrls.ENDPOINT, TypeUrls.LISTENER, TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST)
                    .forEach(url ->
                            trace.brings(this, url, Stamps.newest(resourceVersions.getOrDefault(url, Map.of()))));
        }
        AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub stub =
                AggregatedDiscoveryServiceGrpc.newStub(channel);
        if (mode == Mode.WORLD) {
            world = stub.streamAggregatedResources(new Responses<>(mine, this::take));
        } else {
            delta = stub.deltaAggregatedResources(new Responses<>(mine, this::take));
        }
        ask(TypeUrls.CLUSTER, Set.of(), Set.of());
        if (!wanted(TypeUrls.ENDPOINT).isEmpty()) {
            ask(TypeUrls.ENDPOINT, wanted(TypeUrls.ENDPOINT), Set.of());
        }
        ask(TypeUrls.LISTENER, Set.of(), Set.of());
        for (String url : List.of(TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST)) {
            if (!wanted(url).isEmpty()) {
                ask(url, wanted(url), Set.of());
            }
        }
    }

    /** The next stream goes there. */
    synchronized void moveTo(ManagedChannel other) {
        channel = other;
    }

    /** Breaks the stream off. */
    synchronized void disconnect() {
        session++;
        if (delta != null) {
            delta.onError(io.grpc.Status.CANCELLED.asRuntimeException());
        }
        if (world != null) {
            world.onError(io.grpc.Status.CANCELLED.asRuntimeException());
        }
    }

    /** Everything that the proxy has, by type and name. */
    synchronized Map<String, Map<String, Any>> held() {
        Map<String, Map<String, Any>> copy = new TreeMap<>();
        held.forEach((url, resources) -> {
            if (!resources.isEmpty()) {
                copy.put(url, new TreeMap<>(resources));
            }
        });
        return copy;
    }

    private final class Responses<R> implements StreamObserver<R> {
        private final int mine;
        private final java.util.function.Consumer<R> taking;

        private Responses(int mine, java.util.function.Consumer<R> taking) {
            this.mine = mine;
            this.taking = taking;
        }

        @Override
        public void onNext(R response) {
            synchronized (AdsClient.this) {
                if (mine == session) {
                    taking.accept(response);
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            synchronized (AdsClient.this) {
                if (mine == session) {
                    trace.broken(AdsClient.this, "the stream ended: " + error);
                }
            }
        }

        @Override
        public void onCompleted() {}
    }

    private void take(DeltaDiscoveryResponse response) {
        String url = response.getTypeUrl();
        Map<String, Any> resources = resources(url);
        response.getResourcesList().stream()
                .filter(each -> isWanted(url, each.getName()))
                .forEach(each -> {
                    resources.put(each.getName(), each.getResource());
                    resourceVersions
                            .computeIfAbsent(url, type -> new HashMap<>())
                            .put(each.getName(), each.getVersion());
                });
        List<String> gone = response.getRemovedResourcesList().stream()
                .filter(resources::containsKey)
                .toList();
        gone.forEach(resources::remove);
        gone.forEach(resourceVersions.getOrDefault(url, new HashMap<>())::remove);
        after(url, response.getSystemVersionInfo(), response.getNonce(), gone);
    }

    private void take(DiscoveryResponse response) {
        String url = response.getTypeUrl();
        Map<String, Any> resources = resources(url);
        Map<String, Any> told = new TreeMap<>();
        response.getResourcesList().forEach(any -> told.put(name(any), any));
        List<String> gone = new ArrayList<>();
        if (url.equals(TypeUrls.CLUSTER) || url.equals(TypeUrls.LISTENER)) {
            gone.addAll(resources.keySet());
            gone.removeAll(told.keySet());
            gone.forEach(resources::remove);
        }
        told.keySet().removeIf(each -> !isWanted(url, each));
        resources.putAll(told);
        versions.put(url, response.getVersionInfo());
        after(url, response.getVersionInfo(), response.getNonce(), gone);
    }

    // What was on its way when its name was given up: Envoy has nobody any more who would take it.
    private boolean isWanted(String url, String resource) {
        boolean named = url.equals(TypeUrls.ENDPOINT) || url.equals(TypeUrls.ROUTE);
        return !named || wanted(url).contains(resource);
    }

    private void after(String url, String version, String nonce, List<String> gone) {
        trace.received(this, url, version, gone);
        judged |= url.equals(TypeUrls.ROUTE);
        if (judged) {
            trace.references(this);
        }
        int mine = session;
        Runnable answer = () -> {
            synchronized (AdsClient.this) {
                if (mine == session) {
                    trace.acknowledged(this, url, version);
                    acknowledge(url, nonce);
                }
            }
        };
        if (delayMillis == 0) {
            answer.run();
        } else {
            var unused = timer.schedule(answer, delayMillis, TimeUnit.MILLISECONDS);
        }
        follow(url);
    }

    // Clusters name their assignments, listeners their routes, routes their hosts.
    private void follow(String url) {
        try {
            if (url.equals(TypeUrls.CLUSTER)) {
                Set<String> names = new TreeSet<>();
                for (Any any : resources(url).values()) {
                    Cluster cluster = any.unpack(Cluster.class);
                    if (cluster.getType() == Cluster.DiscoveryType.EDS) {
                        names.add(cluster.getName());
                    }
                }
                want(TypeUrls.ENDPOINT, names);
            } else if (url.equals(TypeUrls.LISTENER)) {
                Set<String> names = new TreeSet<>();
                for (Any any : resources(url).values()) {
                    names.addAll(References.routes(any.unpack(Listener.class)));
                }
                want(TypeUrls.ROUTE, names);
                if (mode == Mode.HOSTS) {
                    want(TypeUrls.VIRTUAL_HOST, names);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            trace.broken(this, "unreadable: " + e);
        }
    }

    private void want(String url, Set<String> names) {
        Set<String> before = wanted(url);
        if (names.equals(before)) {
            return;
        }
        Set<String> more = new TreeSet<>(names);
        more.removeAll(before);
        Set<String> less = new TreeSet<>(before);
        less.removeAll(names);
        wanted.put(url, names);
        if (!url.equals(TypeUrls.VIRTUAL_HOST)) {
            resources(url).keySet().retainAll(names);
            resourceVersions.getOrDefault(url, new HashMap<>()).keySet().retainAll(names);
        }
        ask(url, more, less);
    }

    private void ask(String url, Set<String> more, Set<String> less) {
        boolean first = asked.add(url);
        if (mode == Mode.WORLD) {
            send(url, "");
        } else if (delta != null) {
            DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(url)
                    .addAllResourceNamesSubscribe(more)
                    .addAllResourceNamesUnsubscribe(less);
            if (first) {
                request.setNode(node()).putAllInitialResourceVersions(resourceVersions.getOrDefault(url, Map.of()));
            }
            delta.onNext(request.build());
        }
    }

    private void acknowledge(String url, String nonce) {
        if (mode == Mode.WORLD) {
            send(url, nonce);
        } else if (delta != null) {
            delta.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(url)
                    .setResponseNonce(nonce)
                    .build());
        }
    }

    private final Map<String, String> nonces = new HashMap<>();

    private void send(String url, String nonce) {
        if (world == null) {
            return;
        }
        if (!nonce.isEmpty()) {
            nonces.put(url, session + " " + nonce);
        }
        String last = nonces.getOrDefault(url, "");
        boolean known = last.startsWith(session + " ");
        world.onNext(DiscoveryRequest.newBuilder()
                .setNode(node())
                .setTypeUrl(url)
                .setVersionInfo(versions.getOrDefault(url, ""))
                .setResponseNonce(known ? last.substring(last.indexOf(' ') + 1) : "")
                .addAllResourceNames(wanted(url))
                .build());
    }

    private Set<String> wanted(String url) {
        return wanted.getOrDefault(url, Set.of());
    }

    Map<String, Any> resources(String url) {
        return held.computeIfAbsent(url, type -> new TreeMap<>());
    }

    private Node node() {
        Node.Builder node = Node.newBuilder().setId("sidecar~10.9.9.9~" + name + ".default~default.svc.cluster.local");
        if (mode == Mode.HOSTS) {
            node.setUserAgentName("envoy").setUserAgentBuildVersion(BuildVersion.getDefaultInstance());
        }
        return node.build();
    }

    private static String name(Any any) {
        try {
            if (any.is(Cluster.class)) {
                return any.unpack(Cluster.class).getName();
            }
            if (any.is(Listener.class)) {
                return any.unpack(Listener.class).getName();
            }
            return any.is(RouteConfiguration.class)
                    ? any.unpack(RouteConfiguration.class).getName()
                    : any.unpack(ClusterLoadAssignment.class).getClusterName();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
