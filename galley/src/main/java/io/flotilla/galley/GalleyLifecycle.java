package io.flotilla.galley;

import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshDefaults;
import io.flotilla.galley.serve.ConfigServers;
import io.flotilla.galley.serve.ReaderMetrics;
import io.flotilla.galley.serve.ReportService;
import io.flotilla.galley.serve.ServedViews;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.state.Seed;
import io.flotilla.galley.status.ReportDesk;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the sources and the servers, carries each change from one to the other, stops them. */
@ApplicationScoped
class GalleyLifecycle {
    private static final Logger LOG = Logger.getLogger("galley");

    private final GalleySettings settings;
    private final MeterRegistry metrics;
    private final Instance<SourceFactory> factories;
    private final Instance<Seed.Keeper> keepers;
    private final Instance<PublishListener> listenerBeans;
    private final ReportDesk reports;
    private final ServedViews views = new ServedViews();
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final ChangeLog changes = new ChangeLog(LOG::info, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    private List<PublishListener> listeners = List.of();
    private volatile List<Source> sources = List.of();
    private @Nullable ConfigServers servers;
    private volatile @Nullable Held held;

    GalleyLifecycle(
            GalleySettings settings,
            MeterRegistry metrics,
            @Any Instance<SourceFactory> factories,
            @Any Instance<Seed.Keeper> keepers,
            @Any Instance<PublishListener> listeners,
            ReportDesk reports) {
        this.reports = reports;
        this.settings = settings;
        this.metrics = metrics;
        this.factories = factories;
        this.keepers = keepers;
        this.listenerBeans = listeners;
    }

    void start(@Observes StartupEvent event) {
        sources = factories.stream()
                .flatMap(factory -> factory.create().stream())
                .sorted(Comparator.comparing(Source::name))
                .toList();
        if (sources.stream().allMatch(each -> each.name() == SourceName.JWKS)) {
            throw new IllegalStateException("no source of configuration: set flotilla.config-dir (FLOTILLA_CONFIG_DIR)"
                    + " or flotilla.kubernetes.enabled (FLOTILLA_KUBERNETES_ENABLED)");
        }
        listeners = listenerBeans.stream()
                .sorted(Comparator.comparingInt(PublishListener::order))
                .toList();
        boolean classic =
                settings.compatibility().filter(MeshDefaults.CLASSIC::equals).isPresent();
        Publisher publisher = new Publisher(
                        sources.stream().map(Source::name).collect(Collectors.toUnmodifiableSet()),
                        new ReadOptions(settings.defaultNamespace(), classic),
                        new RegistryOptions("", "", settings.domainSuffix()),
                        settings.namespace(),
                        System::currentTimeMillis)
                .deriving(new DeriveOptions(
                        settings.gatewayApi().controllerName(),
                        settings.gatewayApi().classes(),
                        settings.domainSuffix(),
                        settings.namespace(),
                        Map.of("istio", "ingressgateway"),
                        settings.gatewayApi().secretsKnown()))
                .owning(new OwnershipOptions(
                        settings.ownership().mode(),
                        settings.namespace(),
                        settings.domainSuffix(),
                        settings.ownership().claims().orElse(List.of())));
        GalleyMetrics counters = new GalleyMetrics(metrics, () -> held, () -> sources);
        Optional<Seed> seed =
                keepers.stream().flatMap(keeper -> keeper.load().stream()).findFirst();
        seed.ifPresent(kept -> publish(counters, "an earlier run", 0, () -> publisher.seed(kept)));
        SourceSink sink = new Door(publisher, counters, seed);
        sources.forEach(each -> each.start(sink));
        servers = ConfigServers.start(
                serverSettings(), views, new ReaderMetrics(metrics), new ReportService(reports, settings.reporters()));
        LOG.infof(
                "reading %s, serving configuration on port %d",
                sources.stream().map(each -> each.name().text()).toList(), servers.port());
    }

    private ConfigServers.Settings serverSettings() {
        GalleySettings.Identity identity = settings.identity();
        return new ConfigServers.Settings(
                settings.bind(),
                settings.port(),
                settings.plaintextPort(),
                settings.trustDomain(),
                settings.namespace(),
                settings.readers(),
                identity.citadel().filter(citadel -> !citadel.isBlank()),
                identity.citadelName(),
                identity.tokenFile().map(Path::of),
                identity.rootFile().map(Path::of),
                identity.dnsNames());
    }

    /** Where sources put their changes. */
    private final class Door implements SourceSink {
        private final Publisher publisher;
        private final GalleyMetrics counters;
        private final Optional<Seed> seed;

        Door(Publisher publisher, GalleyMetrics counters, Optional<Seed> seed) {
            this.publisher = publisher;
            this.counters = counters;
            this.seed = seed;
        }

        @Override
        public void apply(SourceName from, Map<String, Optional<String>> documents, boolean synced) {
            publish(counters, from.text(), documents.size(), () -> publisher.apply(from, documents, synced));
        }

        @Override
        public Collection<String> held(SourceName of) {
            return seed.map(kept -> kept.documents().getOrDefault(of, Map.of()).keySet())
                    .orElse(Set.of());
        }

        @Override
        public Optional<String> held(SourceName of, String document) {
            return seed.map(kept -> kept.documents().getOrDefault(of, Map.of()).get(document));
        }
    }

    /** One change after the other, on the threads of the sources. */
    private void publish(GalleyMetrics counters, String from, int documents, Supplier<Publisher.Outcome> change) {
        oneAtATime.lock();
        try {
            long begin = System.nanoTime();
            Publisher.Outcome outcome = change.get();
            Held before = held;
            boolean first = before == null || !before.servable();
            held = outcome.held();
            boolean servable = outcome.held().servable();
            if (servable
                    && (first
                            || !outcome.isQuiet()
                            || (before != null
                                    && before.complete() != outcome.held().complete()))) {
                views.publish(outcome);
            }
            if (first && servable) {
                Thread.ofVirtual().name("warm-up").start(WarmUp::run);
            }
            long nanos = System.nanoTime() - begin;
            counters.published(outcome, Duration.ofNanos(nanos));
            outcome.diagnostics().forEach(GalleyLifecycle::log);
            if (!outcome.isQuiet()) {
                changes.published(from, documents, outcome, Duration.ofNanos(nanos));
            }
            listeners.forEach(listener -> tell(listener, outcome));
        } finally {
            oneAtATime.unlock();
        }
    }

    private static void tell(PublishListener listener, Publisher.Outcome outcome) {
        try {
            listener.published(outcome);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "%s failed at generation %s",
                    listener,
                    outcome.held().view().generation());
        }
    }

    private static void log(Diagnostic diagnostic) {
        switch (diagnostic.severity()) {
            case ERROR -> LOG.errorf("%s (%s)", diagnostic, diagnostic.code());
            case WARNING -> LOG.warnf("%s (%s)", diagnostic, diagnostic.code());
            case INFO -> LOG.debugf("%s (%s)", diagnostic, diagnostic.code());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        ConfigServers running = servers;
        if (running != null) {
            running.close();
        }
        sources.forEach(Source::close);
    }

    /** What is held; absent before any source told anything. */
    Optional<Held> held() {
        return Optional.ofNullable(held);
    }

    /** Those that the settings ask for, by precedence. */
    List<Source> sources() {
        return sources;
    }

    /** Open streams of consumers, and whether the port is served. */
    Optional<ConfigServers> servers() {
        return Optional.ofNullable(servers);
    }
}
