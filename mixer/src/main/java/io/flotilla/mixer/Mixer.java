package io.flotilla.mixer;

import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.mixer.access.AccessLogServer;
import io.flotilla.mixer.access.StreamTotals;
import io.flotilla.mixer.audit.Audit;
import io.flotilla.mixer.audit.AuditTrail;
import io.flotilla.mixer.check.CheckServer;
import io.flotilla.mixer.metrics.RequestConsumer;
import io.flotilla.mixer.outbox.KafkaSender;
import io.flotilla.mixer.outbox.Outbox;
import io.flotilla.mixer.outbox.Topics;
import io.flotilla.mixer.proxy.ProxyLedger;
import io.flotilla.mixer.registry.GalleyStream;
import io.flotilla.mixer.registry.RegistryFeed;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.ServiceIdentity;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts and stops what Mixer is made of, in order. */
@ApplicationScoped
public class Mixer {
    /** Topics that Mixer writes. */
    static final List<String> TOPICS = List.of("flotilla.requests", "flotilla.spans", AuditTrail.TOPIC);

    /** Of the heap, the queue may take one part in this many. */
    private static final int QUEUE_SHARE = 4;

    private static final Duration LAST_WRITES = Duration.ofSeconds(5);
    private static final int SEAL_MILLIS = 25;

    private final MixerConfig config;
    private final Topics topics;
    private final KafkaSender sender;
    private final RegistryFeed registry;
    private final Endpoints endpoints;
    private final ProxyLedger proxies;
    private final RequestConsumer counting;
    private final Audit audit;
    private final Clock clock = Clock.systemUTC();
    private final StreamTotals streams = new StreamTotals();
    private final Outbox outbox;
    private volatile boolean running = true;
    private @Nullable ServiceIdentity identity;
    private @Nullable DiscoveryClient galley;

    Mixer(
            MixerConfig config,
            Topics topics,
            KafkaSender sender,
            RegistryFeed registry,
            Endpoints endpoints,
            ProxyLedger proxies,
            RequestConsumer counting,
            Audit audit) {
        this.config = config;
        this.topics = topics;
        this.sender = sender;
        this.registry = registry;
        this.endpoints = endpoints;
        this.proxies = proxies;
        this.counting = counting;
        this.audit = audit;
        this.outbox = new Outbox(
                UUID.randomUUID().toString(),
                config.telemetry().linger(),
                Math.min(config.telemetry().queueBytes(), Runtime.getRuntime().maxMemory() / QUEUE_SHARE));
    }

    void start(@Observes StartupEvent event) {
        identity = settings().map(ServiceIdentity::start).orElse(null);
        topics.ensure(TOPICS);
        sender.start(outbox);
        counting.start();
        audit.start();
        Thread.ofVirtual().name("sealing").start(this::sealDue);
        galley = config.config()
                .filter(address -> !address.isBlank())
                .map(address -> GalleyStream.open(address, config.namespace(), identity, registry))
                .orElse(null);
        // Who called, and whom, is only known with the registry: what proxies send and ask before waits for it.
        Supplier<CompletableFuture<Void>> opening =
                galley == null ? () -> CompletableFuture.completedFuture(null) : registry::awaited;
        AccessLogServer logs = new AccessLogServer(
                registry::history, (pod, records) -> outbox.add(pod, records, clock.instant()), streams, opening);
        endpoints.start(
                identity,
                registry.revoked(),
                logs,
                CheckServer.service(registry::history, audit.trail(), clock, opening));
        proxies.start(logs::pods);
    }

    private void sealDue() {
        try {
            while (running) {
                outbox.sealDue(clock.instant());
                Thread.sleep(SEAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        endpoints.stopIntake();
        running = false;
        proxies.stop();
        outbox.sealAll();
        sender.stop(outbox, LAST_WRITES);
        counting.stop();
        audit.stop();
        endpoints.stop();
        if (galley != null) {
            galley.close();
        }
        if (identity != null) {
            identity.close();
        }
    }

    /** Why this process has no certificate; empty if it has one or needs none. */
    public Optional<String> missingIdentity() {
        ServiceIdentity asked = identity;
        return asked == null || asked.current().isPresent() ? Optional.empty() : Optional.of(asked.problem());
    }

    /** "synced", "none" without Galley, or why there is no state from it. */
    public String registryState() {
        DiscoveryClient client = galley;
        if (client == null) {
            return "none";
        }
        return client.status().synced()
                ? "synced"
                : "waiting: " + client.status().lastError();
    }

    public StreamTotals streams() {
        return streams;
    }

    public Outbox outbox() {
        return outbox;
    }

    private Optional<IdentitySettings> settings() {
        return config.identity()
                .citadel()
                .filter(citadel -> !citadel.isBlank())
                .map(citadel -> new IdentitySettings(
                        citadel,
                        config.identity().citadelName(),
                        Path.of(config.identity().tokenFile()),
                        Path.of(config.identity().rootFile()),
                        dnsNames(),
                        Duration.ZERO));
    }

    private List<String> dnsNames() {
        return config.identity().dnsNames().stream()
                .flatMap(names -> Arrays.stream(names.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
