package io.flotilla.envoy.workbench;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.bootstrap.ProxyNode;
import io.flotilla.envoy.bootstrap.ProxySettings;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Passage;
import io.flotilla.envoy.simulation.Simulator;
import io.flotilla.envoy.tls.MeshTls;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a mesh as a real Envoy, with an application behind every endpoint that it knows: what a test sends goes the
 * way that the translated configuration says. Starts in about a second; skips the test where there is no Envoy.
 *
 * <p>What the kernel would do to a captured connection, PROXY protocol does here: it tells Envoy where the connection was
 * going to and where it came from. Endpoints' addresses become ports of the loopback interface. Certificates come from a
 * CA of the test. Everything else is what Pilot sends.
 */
public final class Workbench implements AutoCloseable {
    private static final String OUTBOUND = "virtualOutbound";
    private static final String INBOUND = "virtualInbound";
    // A JVM on a busy machine begins its TLS later than a proxy does.
    private static final Tuning PATIENT = new Tuning(Duration.ofSeconds(3));

    private final MeshSnapshot mesh;
    private final EnvoyResources resources;
    private final Apps apps;
    private final Keys keys;
    private final EnvoyProcess envoy;
    private final Callers callers;
    private final AccessLogFile log;
    private final AtomicInteger cases = new AtomicInteger();

    private Workbench(MeshSnapshot mesh, ProxyView view, String identity, Apps apps, Keys keys, Path folder)
            throws IOException {
        this.mesh = mesh;
        this.resources =
                Translator.translate(new Scope(mesh, view, PeerIdentities.ofEndpoints(), Scope.Caches.none(), PATIENT));
        this.apps = apps;
        this.keys = keys;
        this.log = new AccessLogFile(folder.resolve("access.log"));
        Bootstrap bootstrap = new Adaptation(apps, keys, log.file(), resources.extensions(), identity)
                .adapt(StaticBootstrap.of(resources));
        bootstrap = ProxySettings.runtime(
                bootstrap.toBuilder()
                        .setNode(bootstrap.getNode().toBuilder().setMetadata(metadata(view)))
                        .build(),
                mesh.meshConfig().getDefaultConfig());
        Path file = Files.write(folder.resolve("bootstrap.pb"), bootstrap.toByteArray());
        this.envoy = EnvoyProcess.start(file, folder);
        this.callers = new Callers(envoy, keys);
    }

    /** Starts the proxy of a view of a mesh. */
    public static Workbench start(MeshSnapshot mesh, ProxyView view) throws IOException {
        return start(mesh, view, new Keys());
    }

    /** Starts another proxy of this mesh, which trusts this one; an application leads to it, see {@link App#leadTo}. */
    public Workbench beside(ProxyView view) throws IOException {
        return start(mesh, view, keys);
    }

    /** The same, where others have keys of its CA already. */
    public static Workbench start(MeshSnapshot mesh, ProxyView view, Keys keys) throws IOException {
        return start(mesh, view, "cluster.local", keys);
    }

    /** The same, where the proxy's certificate is of this trust domain. */
    public static Workbench start(MeshSnapshot mesh, ProxyView view, String domain, Keys keys) throws IOException {
        EnvoyBinary.found();
        Path folder = Files.createTempDirectory("workbench");
        Apps apps = new Apps(
                address -> mesh.workloadByAddress("", address)
                        .map(workload -> new App.Identity(workload.getName(), spiffe(workload))),
                keys);
        try {
            return new Workbench(mesh, view, spiffe(domain, view), apps, keys, folder);
        } catch (IOException | RuntimeException | Error e) {
            apps.close();
            throw e;
        }
    }

    /** What this proxy sends to the pods of a service goes to another's listener. */
    public void leadTo(String host, int port, Workbench edge) {
        mesh.service(host, "istio-system").stream()
                .flatMap(service ->
                        service.ports().stream().flatMap(each -> mesh.endpoints(service, each.number()).stream()))
                .filter(endpoint -> endpoint.port() == port)
                .forEach(endpoint ->
                        apps.at(endpoint.addresses().getFirst(), port).leadTo(() -> edge.edge(port)));
    }

    private static String spiffe(String domain, ProxyView view) {
        return "spiffe://" + domain + "/ns/" + view.namespace() + "/sa/"
                + view.workload().serviceAccount();
    }

    private static Struct metadata(ProxyView view) {
        return Proxies.node("", view.workload().serviceAccount(), view.labels()).getMetadata().toBuilder()
                .putAllFields(Map.of(
                        "NAMESPACE",
                        text(view.namespace()),
                        ProxyNode.CANONICAL_SERVICE,
                        text(view.labels().getOrDefault("app", ""))))
                .build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    private static String spiffe(Workload workload) {
        return "spiffe://cluster.local/ns/" + workload.getNamespace() + "/sa/" + workload.getServiceAccount();
    }

    /** What the proxy was told. */
    public EnvoyResources resources() {
        return resources;
    }

    /** The applications. */
    public Apps apps() {
        return apps;
    }

    /** Certificates of this mesh. */
    public Keys keys() {
        return keys;
    }

    /** A GET to a service as the namespace "default" names it, to its virtual address. */
    public Call get(String host, int port, String path) {
        String full = host.contains(".") ? host : host + ".default.svc.cluster.local";
        String address = mesh.service(full, "default").map(MeshService::addresses).stream()
                .flatMap(addresses -> addresses.stream().limit(1))
                .findFirst()
                .orElse("240.0.0.1");
        return Call.get(host, port, path).to(address);
    }

    /** Sends a request, and checks that the simulator said what becomes of it. */
    public Reply checked(Call call) throws IOException {
        Passage said = new Simulator(resources).captured(call);
        Reply reply = send(call);
        Agreement.check(call, said, resources, reply);
        return reply;
    }

    /** The same at an edge. */
    public Reply checkedEntry(Call call) throws IOException {
        Passage said = new Simulator(resources).atEdge(call);
        Reply reply = enter(call);
        Agreement.check(call, said, resources, reply);
        return reply;
    }

    /** What a line over TCP led to: what came back, empty where the connection ends, and what Envoy logged. */
    private record Told(String heard, Logged logged) {}

    /**
     * Says a line over TCP, as a captured application of the proxy's pod does, and checks that the simulator said where
     * it goes. What comes back is a line too; empty where the connection ends.
     */
    public String told(Call call, String line) throws IOException {
        return checked(call, new Simulator(resources).captured(call), tell(call, OUTBOUND, line));
    }

    /** Says a line as {@link #told} does, only to see what Envoy logs of it. */
    public Logged logOf(Call call) throws IOException {
        return tell(call, OUTBOUND, "line").logged();
    }

    /** The same at an edge. */
    public Logged logAtEdge(Call call) throws IOException {
        return tellEdge(call, "line").logged();
    }

    /** The same at an edge. */
    public String toldAtEdge(Call call, String line) throws IOException {
        return checked(call, new Simulator(resources).atEdge(call), tellEdge(call, line));
    }

    private String checked(Call call, Passage said, Told told) throws IOException {
        Agreement.check(call, said, resources, told.logged());
        return told.heard();
    }

    private Told tell(Call call, String listener, String line) throws IOException {
        int port = callers.source();
        String heard = callers.line(
                callers.captured(call.to(), listener, port), call.to().sni(), line);
        return new Told(heard, log.last(connection(port)));
    }

    private Told tellEdge(Call call, String line) throws IOException {
        Socket socket = edge(call.port());
        Predicate<Logged> ours = connection(socket.getLocalPort());
        int earlier = log.count(ours);
        String heard = callers.line(socket, call.to().sni(), line);
        return new Told(heard, log.after(earlier, ours));
    }

    // The system gives the port of a closed connection to a later one, be it of a request or of a line.
    private static Predicate<Logged> connection(int port) {
        return entry -> entry.id().isEmpty() && entry.peer() == port;
    }

    /** The same of a request that comes to the pod in plaintext. */
    public Reply checkedReceipt(Call call) throws IOException {
        Passage said = new Simulator(resources).atPod(call);
        Reply reply = receive(call);
        Agreement.check(call, said, resources, reply);
        return reply;
    }

    /** The same of a line to the pod, in plaintext or in TLS of the caller's application. */
    public String toldToPod(Call call, String line) throws IOException {
        return checked(call, new Simulator(resources).atPod(call), tell(call, INBOUND, line));
    }

    /** The same of a request over mesh TLS, from the member of the mesh that has this SPIFFE identity. */
    public Reply checkedReceipt(Call call, String spiffe) throws IOException {
        Passage said = new Simulator(resources).atPod(call.offering(MeshTls.offerHttp()));
        Reply reply = receive(call, spiffe);
        Agreement.check(call, said, resources, reply);
        return reply;
    }

    /** The same of a line over mesh TLS. */
    public String toldToPod(Call call, String spiffe, String line) throws IOException {
        Passage said = new Simulator(resources).atPod(call.offering(MeshTls.offerTcp()));
        int port = callers.source();
        Socket socket = callers.captured(call.to(), INBOUND, port);
        String heard =
                callers.line(Keys.client(socket, "localhost", keys.client(spiffe), MeshTls.offerTcp()), "", line);
        Agreement.check(call, said, resources, log.last(connection(port)));
        return heard;
    }

    /** The same at an edge behind a balancer. */
    public Reply checkedAnnounced(Call call) throws IOException {
        Passage said = new Simulator(resources).atEdge(call);
        Reply reply = announced(call);
        Agreement.check(call, said, resources, reply);
        return reply;
    }

    /** Says a line to the proxy's own pod, in plaintext or in TLS of the caller's application. */
    public String heard(Call.To to, String line) throws IOException {
        return callers.line(callers.captured(to, INBOUND), to.sni(), line);
    }

    /** How an edge takes a client without a certificate: "answered" or "refused". */
    public String anonymous(int port, String sni) throws IOException {
        return callers.anonymous(port, sni);
    }

    /** Sends a request as a captured application of the proxy's pod does. */
    public Reply send(Call call) throws IOException {
        return exchange(call, callers.captured(call.to(), OUTBOUND));
    }

    /** Sends a request to the proxy's own pod, as the network brings it. */
    public Reply receive(Call call) throws IOException {
        return exchange(call, callers.captured(call.to(), INBOUND));
    }

    /** Sends a request to the proxy's own pod over mesh TLS, as the member of the mesh that has this SPIFFE identity. */
    public Reply receive(Call call, String spiffe) throws IOException {
        SSLContext context = keys.client(spiffe);
        return exchange(
                call, Keys.client(callers.captured(call.to(), INBOUND), "localhost", context, MeshTls.offerHttp()));
    }

    /** Sends a request to a port of an edge. */
    public Reply enter(Call call) throws IOException {
        return exchange(call, edge(call.port()));
    }

    /** Sends a request to a port of an edge, through a balancer that announces the client by PROXY protocol. */
    public Reply announced(Call call) throws IOException {
        return exchange(call, callers.announced(call));
    }

    /** A connection that an application opens and the kernel would redirect. */
    public Socket connect(Call.To to) throws IOException {
        return callers.captured(to, OUTBOUND);
    }

    /** A connection that comes to the proxy's own pod. */
    public Socket accept(Call.To to) throws IOException {
        return callers.captured(to, INBOUND);
    }

    /** A local port behind which everything is captured, for clients that cannot be told of it. */
    public Relay relay(Call.To to) throws IOException {
        return new Relay(() -> connect(to));
    }

    /** A connection to a port of an edge. */
    public Socket edge(int port) throws IOException {
        return callers.edge(port);
    }

    /** What Envoy logged about the last connection or request to a cluster; for TCP, which has no headers. */
    public Logged lastTo(String cluster) throws IOException {
        return log.last(entry -> entry.cluster().equals(cluster));
    }

    /** A counter or gauge of Envoy; 0 where it has none of that name. */
    public long stat(String name) throws IOException {
        return envoy.stat(name);
    }

    /** An answer of Envoy's admin interface. */
    public String admin(String path) throws IOException {
        return envoy.admin(path);
    }

    /** Sets a runtime value of Envoy; empty to have it no longer. */
    public void runtime(String name, String value) throws IOException {
        String answer = envoy.ask("POST", "/runtime_modify?" + name + "=" + value);
        if (!answer.startsWith("OK")) {
            throw new AssertionError("runtime value " + name + ": " + answer);
        }
    }

    private Reply exchange(Call call, Socket socket) throws IOException {
        String id = Integer.toString(cases.incrementAndGet());
        Map<String, String> headers = new TreeMap<>(call.headers());
        headers.put(AccessLogFile.CASE, id);
        headers.putIfAbsent("connection", "close");
        long start = System.nanoTime();
        try (Socket open = call.to().sni().isEmpty()
                ? socket
                : keys.client(socket, call.to().sni())) {
            open.setSoTimeout(60_000);
            HttpWire.write(
                    open.getOutputStream(),
                    call.method() + " " + call.path() + (call.http10() ? " HTTP/1.0" : " HTTP/1.1"),
                    call.host(),
                    headers);
            HttpWire.@Nullable Message answer =
                    HttpWire.read(open.getInputStream(), call.method().equals("HEAD"));
            long millis = (System.nanoTime() - start) / 1_000_000;
            // What Envoy refuses unread has no headers in its log either.
            boolean unread = answer != null && answer.first().startsWith("HTTP/1.1 426 ");
            return Reply.of(
                    answer,
                    millis,
                    () -> log.last(entry -> unread
                            ? entry.id().isEmpty() && entry.code() == 426
                            : entry.id().equals(id)));
        }
    }

    @Override
    public void close() {
        envoy.close();
        apps.close();
    }
}
