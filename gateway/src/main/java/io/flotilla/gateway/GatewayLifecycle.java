package io.flotilla.gateway;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.bootstrap.BootstrapJson;
import io.flotilla.envoy.bootstrap.BootstrapSettings;
import io.flotilla.envoy.bootstrap.Bootstraps;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.envoy.bootstrap.ProxySettings;
import io.flotilla.envoy.patch.BootstrapPatching;
import io.flotilla.gateway.process.Drain;
import io.flotilla.gateway.process.DrainTimes;
import io.flotilla.gateway.process.EnvoyAdmin;
import io.flotilla.gateway.process.EnvoyCommand;
import io.flotilla.gateway.process.EnvoySupervisor;
import io.flotilla.gateway.process.RestartPolicy;
import io.flotilla.gateway.secret.EdgeSecretServer;
import io.flotilla.gateway.secret.EdgeSecrets;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts everything in order: files, secrets, Envoy; stops it in the other order, after a drain. */
@ApplicationScoped
class GatewayLifecycle {
    private static final Logger LOG = Logger.getLogger("gateway");
    private static final Duration RELOAD = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration TERMINATION = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final EdgeSecrets secrets;
    private final BootstrapSettings bootstrap;
    private final MeshProxies proxies;
    private final ProxyConfig proxy;
    private final EnvoyAdmin admin;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("secrets").factory());
    private @Nullable ScheduledFuture<?> reloading;
    private @Nullable EdgeSecretServer server;
    private volatile @Nullable EnvoySupervisor envoy;

    GatewayLifecycle(GatewaySettings settings) {
        this.settings = settings;
        this.secrets = new EdgeSecrets(
                settings.secrets().secretsDir().map(Path::of), settings.namespace(), System.currentTimeMillis());
        this.bootstrap = GatewayBootstrap.of(settings);
        this.proxies = settings.meshDir()
                .map(folder -> MeshManifests.read(Path.of(folder), "istio-system"))
                .orElse(MeshProxies.NONE);
        this.proxy = proxies.of(settings.namespace(), labels(), ProxyConfig.getDefaultInstance());
        this.admin = new EnvoyAdmin(
                bootstrap.listeners().admin(), bootstrap.listeners().readiness());
    }

    void start(@Observes StartupEvent event) throws IOException {
        Path directory = Path.of(settings.envoy().directory());
        Files.createDirectories(directory);
        IdentityFiles files = GatewayBootstrap.files(settings);
        place(Path.of(files.tokenDescription()), files.tokenDescriptionText());
        place(Path.of(files.rootDescription()), files.rootDescriptionText());
        String json = bootstrapText();
        Optional<String> binary = settings.envoy().path().filter(path -> !path.isBlank());
        if (binary.isPresent()) {
            envoy = EnvoySupervisor.start(
                    command(Path.of(binary.get()), directory), json, RestartPolicy.DEFAULT, new SecureRandom());
        } else {
            place(Path.of(files.bootstrap()), json);
        }
        // After Envoy, which asks again until it is answered: each needs a while to come up.
        secrets.reload();
        server = EdgeSecretServer.start(GatewayBootstrap.sdsSocket(settings), secrets.source());
        reloading =
                timer.scheduleWithFixedDelay(this::reload, RELOAD.toMillis(), RELOAD.toMillis(), TimeUnit.MILLISECONDS);
        LOG.infof("gateway %s is %s", settings.name(), bootstrap.node().id());
    }

    private Map<String, String> labels() {
        return bootstrap.node().workload().labels();
    }

    /** What Envoy starts with. */
    String bootstrapText() {
        return BootstrapJson.pretty(bootstrap());
    }

    private Bootstrap bootstrap() {
        BootstrapPatching.Patched patched = BootstrapPatching.apply(
                ProxySettings.apply(Bootstraps.translate(bootstrap), proxy),
                proxies.filters(settings.namespace()),
                new BootstrapPatching.Starting(settings.namespace(), labels(), true));
        patched.problems().forEach(problem -> LOG.warnf("left out: %s", problem));
        return patched.bootstrap();
    }

    private EnvoyCommand command(Path binary, Path directory) {
        GatewaySettings.Envoy wanted = settings.envoy();
        return new EnvoyCommand(
                binary,
                wanted.log()
                        .map(log -> new EnvoyCommand.Place(directory, Path.of(log)))
                        .orElseGet(() -> EnvoyCommand.Place.in(directory)),
                wanted.logLevel(),
                proxy.hasConcurrency() ? proxy.getConcurrency().getValue() : wanted.concurrency(),
                drains().removed(),
                environment());
    }

    private DrainTimes drains() {
        return DrainTimes.of(proxy, Duration.ofSeconds(settings.envoy().drainSeconds()));
    }

    // What Pilot sends refers to these; they hold before what a ProxyConfig says.
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(proxy.getProxyMetadataMap());
        environment.put("POD_NAME", bootstrap.node().pod().name());
        environment.put("POD_NAMESPACE", bootstrap.node().pod().namespace());
        environment.put("POD_IP", bootstrap.node().pod().ip());
        return environment;
    }

    private void reload() {
        try {
            secrets.reload();
        } catch (RuntimeException e) {
            LOG.error("credentials could not be read again; those in force stay", e);
        }
    }

    void stop(@Observes ShutdownEvent event) throws IOException {
        Duration limit = drains().ending();
        long left = new Drain(QUIET, limit).run(admin);
        if (left > 0) {
            LOG.warnf("%d requests or connections were still under way after %d s", left, limit.toSeconds());
        }
        EnvoySupervisor supervisor = envoy;
        if (supervisor != null) {
            supervisor.stop(TERMINATION);
        }
        if (reloading != null) {
            reloading.cancel(false);
        }
        timer.shutdownNow();
        if (server != null) {
            server.close();
        }
        admin.close();
    }

    private static void place(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    EnvoyAdmin admin() {
        return admin;
    }

    EdgeSecrets secrets() {
        return secrets;
    }

    /** Empty where somebody else runs Envoy. */
    Optional<EnvoySupervisor> supervisor() {
        return Optional.ofNullable(envoy);
    }
}
