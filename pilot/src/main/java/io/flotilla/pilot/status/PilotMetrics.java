package io.flotilla.pilot.status;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.PushListener;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.NameTables;
import io.flotilla.pilot.serve.ProxySource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Pilot's metrics, under Istio's names. */
public final class PilotMetrics implements PushListener, ProxySource.Receipts {
    private static final int GENERATIONS = 200;

    private final MeterRegistry registry;
    private final Timer convergence;
    private final Counter rejects;
    private final Map<String, Timer> times = new ConcurrentHashMap<>();
    private final Map<String, Counter> pushes = new ConcurrentHashMap<>();
    private final Map<Generation, Long> arrivals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Generation, Long> eldest) {
            return size() > GENERATIONS;
        }
    };

    public PilotMetrics(MeterRegistry registry) {
        this.registry = registry;
        convergence = Timer.builder("pilot_proxy_convergence_time")
                .description("from the arrival of a change to the proxy's answer")
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(registry);
        rejects = Counter.builder("pilot_total_xds_rejects")
                .description("responses that a proxy refused")
                .register(registry);
    }

    /** Gauges over what is served. */
    public void watch(Supplier<Number> proxies, Views views) {
        Gauge.builder("pilot_info", () -> 1)
                .description("which version runs")
                .tag("version", BuildVersion.text())
                .register(registry);
        Gauge.builder(
                        "pilot_virt_services",
                        views,
                        all -> all.mesh()
                                .map(state -> state.snapshot()
                                        .virtualServices(
                                                state.snapshot().settings().rootNamespace())
                                        .size())
                                .orElse(0))
                .description("VirtualServices that the root namespace sees")
                .register(registry);
        Oddities found = new Oddities(views, registry);
        PushStatus.METRICS.forEach(metric -> Gauge.builder(metric, found, all -> all.count(metric))
                .strongReference(true)
                .description("see /debug/push_status")
                .register(registry));
        Gauge.builder("pilot_xds", proxies).description("connected proxies").register(registry);
        Gauge.builder("pilot_xds_views", views, Views::size)
                .description("different views of connected proxies")
                .register(registry);
        Gauge.builder("pilot_xds_resources_built", views, Views::built)
                .description("resources built since the start")
                .register(registry);
        Gauge.builder(
                        "pilot_services",
                        views,
                        all -> all.mesh()
                                .map(state -> state.snapshot().services().size())
                                .orElse(0))
                .description("services of the mesh")
                .register(registry);
    }

    /** Gauges and counters of streams. */
    public void watch(XdsServer server) {
        FunctionCounter.builder("pilot_xds_write_timeout", server, XdsServer::unread)
                .description("streams that were reset, since their proxy read nothing of what was sent for 30 s")
                .register(registry);
        Gauge.builder("pilot_xds_waiting", server, XdsServer::waiting)
                .description("streams that wait for their first push to be made")
                .register(registry);
    }

    /** Gauges of what only connected proxies show. */
    public void watch(ProxySource source) {
        Gauge.builder("pilot_no_ip", source, ProxySource::unserved)
                .description("connected sidecars whose pods no service selects")
                .register(registry);
    }

    /** What failed inside, and not for anything that a proxy or the configuration says. */
    public void failures(Supplier<Number> count) {
        FunctionCounter.builder(
                        "pilot_total_xds_internal_errors",
                        count,
                        all -> all.get().doubleValue())
                .description("views that could not be translated and streams that ended by an error of ours")
                .register(registry);
    }

    /** A new state has come. */
    public synchronized void arrived(MeshState state) {
        arrivals.putIfAbsent(state.generation(), state.arrived());
    }

    @Override
    public void pushed(String typeUrl, int streams) {
        pushes.computeIfAbsent(typeUrl, url -> registry.counter("pilot_xds_pushes", "type", shortName(url)))
                .increment(streams);
    }

    @Override
    public void made(String typeUrl, Duration took) {
        times.computeIfAbsent(typeUrl, this::time).record(took);
    }

    private Timer time(String typeUrl) {
        return Timer.builder("pilot_xds_push_time")
                .description("making the next content of a view and handing it to its streams")
                .tag("type", shortName(typeUrl))
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    @Override
    public synchronized void accepted(String typeUrl, Generation generation) {
        Long arrived = arrivals.get(generation);
        if (arrived != null) {
            convergence.record(System.nanoTime() - arrived, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void rejected(String proxy, String typeUrl, String message) {
        rejects.increment();
        registry.counter("pilot_xds_" + shortName(typeUrl) + "_reject").increment();
    }

    /** "cds", "eds", "lds", "rds", "vhds", or the type's own name. */
    public static String shortName(String typeUrl) {
        return switch (typeUrl) {
            case TypeUrls.CLUSTER -> "cds";
            case TypeUrls.ENDPOINT -> "eds";
            case TypeUrls.LISTENER -> "lds";
            case TypeUrls.ROUTE -> "rds";
            case TypeUrls.VIRTUAL_HOST -> "vhds";
            case TypeUrls.EXTENSION -> "ecds";
            case NameTables.TYPE_URL -> "nds";
            default -> typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
        };
    }
}
