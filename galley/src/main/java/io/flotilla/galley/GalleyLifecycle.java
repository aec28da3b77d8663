package io.flotilla.galley;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshDefaults;
import io.flotilla.discovery.MemorySource;
import io.flotilla.galley.serve.ConfigServers;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.watch.FolderWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the watch and the servers, carries each change from one to the other, stops them. */
@ApplicationScoped
class GalleyLifecycle {
    private static final Logger LOG = Logger.getLogger("galley");

    private final GalleySettings settings;
    private final MeterRegistry metrics;
    private final MemorySource source = new MemorySource();
    private @Nullable FolderWatch watch;
    private @Nullable ConfigServers servers;
    private volatile @Nullable Held held;

    GalleyLifecycle(GalleySettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        List<Path> roots =
                settings.configDir().orElse(List.of()).stream().map(Path::of).toList();
        if (roots.isEmpty()) {
            throw new IllegalStateException("flotilla.config-dir (FLOTILLA_CONFIG_DIR) names no directory");
        }
        boolean classic =
                settings.compatibility().filter(MeshDefaults.CLASSIC::equals).isPresent();
        Publisher publisher = new Publisher(
                new ReadOptions(settings.defaultNamespace(), classic),
                new RegistryOptions("", "", settings.domainSuffix()),
                settings.namespace(),
                System::currentTimeMillis);
        GalleyMetrics counters = new GalleyMetrics(metrics, () -> held);
        FolderWatch folders = new FolderWatch(
                roots, settings.settle(), settings.rescan(), files -> apply(publisher, counters, files));
        watch = folders;
        folders.start();
        servers = ConfigServers.start(serverSettings(), source);
        LOG.infof("reading %s, serving configuration on port %d", roots, servers.port());
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

    /** On the watch's thread, one change after the other. */
    private void apply(Publisher publisher, GalleyMetrics counters, Map<String, Optional<String>> files) {
        long begin = System.nanoTime();
        Publisher.Outcome outcome = publisher.apply(files);
        boolean first = held == null;
        held = outcome.held();
        if (first || !outcome.isQuiet()) {
            source.publish(outcome.held().view());
        }
        if (first) {
            Thread.ofVirtual().name("warm-up").start(WarmUp::run);
        }
        long nanos = System.nanoTime() - begin;
        counters.published(outcome, Duration.ofNanos(nanos));
        outcome.diagnostics().forEach(GalleyLifecycle::log);
        if (!outcome.isQuiet()) {
            LOG.infof(
                    "%d files changed: %d objects published, %d removed, generation %s, %d us",
                    files.size(),
                    outcome.changed().size(),
                    outcome.removed().size(),
                    outcome.held().view().generation(),
                    nanos / 1000);
        }
    }

    private static void log(Diagnostic diagnostic) {
        switch (diagnostic.severity()) {
            case ERROR -> LOG.errorf("%s (%s)", diagnostic, diagnostic.code());
            case WARNING -> LOG.warnf("%s (%s)", diagnostic, diagnostic.code());
            case INFO -> LOG.debugf("%s (%s)", diagnostic, diagnostic.code());
        }
    }

    void stop(@Observes ShutdownEvent event) throws IOException {
        ConfigServers running = servers;
        if (running != null) {
            running.close();
        }
        FolderWatch folders = watch;
        if (folders != null) {
            folders.close();
        }
    }

    /** What is held; absent before the first scan. */
    Optional<Held> held() {
        return Optional.ofNullable(held);
    }

    boolean watching() {
        FolderWatch folders = watch;
        return folders != null && folders.alive();
    }

    /** Open streams of consumers, and whether the port is served. */
    Optional<ConfigServers> servers() {
        return Optional.ofNullable(servers);
    }
}
