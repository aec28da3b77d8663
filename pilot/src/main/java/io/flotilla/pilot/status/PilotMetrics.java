package io.flotilla.pilot.status;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.ProxySource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Pilot's metrics, under Istio's names. */
public final class PilotMetrics implements Views.PushListener, ProxySource.Receipts {
    private static final int GENERATIONS = 200;

    private final MeterRegistry registry;
    private final Timer convergence;
    private final Counter rejects;
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
        Oddities found = new Oddities(views);
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

    /** Looked at anew only where the mesh is another one, however often it is asked for. */
    private static final class Oddities {
        private final Views views;
        private Generation generation = Generation.NONE;
        private Map<String, Map<String, String>> known = Map.of();

        Oddities(Views views) {
            this.views = views;
        }

        synchronized int count(String metric) {
            views.mesh().filter(state -> !state.generation().equals(generation)).ifPresent(state -> {
                generation = state.generation();
                known = PushStatus.of(state.snapshot());
            });
            return known.getOrDefault(metric, Map.of()).size();
        }
    }

    /** A new state has come. */
    public synchronized void arrived(MeshState state) {
        arrivals.putIfAbsent(state.generation(), state.arrived());
    }

    @Override
    public void pushed(String typeUrl, int streams) {
        registry.counter("pilot_xds_pushes", "type", shortName(typeUrl)).increment(streams);
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
            default -> typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
        };
    }
}
