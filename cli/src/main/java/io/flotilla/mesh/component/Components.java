package io.flotilla.mesh.component;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The control plane's processes: commands and settings. */
public final class Components {
    private final StateFolder state;
    private final MeshSpec spec;
    private final Map<String, String> environment;
    private final Function<ClassArchive, List<String>> archives;

    /**
     * Where processors are short, as when all services begin at once on a small machine, requests come before what is
     * told to proxies.
     */
    private static final List<String> AFTER_THE_PROXIES = List.of("nice", "-n", "10");

    /**
     * Of one mesh.
     *
     * @param environment of every process of the mesh
     */
    public Components(StateFolder state, MeshSpec spec, Map<String, String> environment) {
        this(state, spec, environment, ClassArchive::use);
    }

    /** Of a mesh that uses archives of classes as {@code archives} says. */
    public Components(
            StateFolder state,
            MeshSpec spec,
            Map<String, String> environment,
            Function<ClassArchive, List<String>> archives) {
        this.state = state;
        this.spec = spec;
        this.environment = Map.copyOf(environment);
        this.archives = archives;
    }

    /** How archives of classes are used. */
    Function<ClassArchive, List<String>> archives() {
        return archives;
    }

    public ProcessSpec of(ControlService service) {
        List<String> command = new ArrayList<>(AFTER_THE_PROXIES);
        command.add(spec.javaHome() + "/bin/java");
        command.addAll(JavaOptions.small(service.heapMegabytes()));
        command.addAll(archives.apply(ClassArchive.of(spec.homePath(), service.module())));
        command.add("-jar");
        command.add(jar(spec.homePath(), service.module()).toString());
        Map<String, String> settings = new TreeMap<>(environment);
        settings.putAll(common(service));
        settings.putAll(own(service));
        settings.putAll(spec.settings());
        return new ProcessSpec(service.module(), command, settings, state.logs().resolve(service.module() + ".log"));
    }

    public static Path jar(Path home, String module) {
        return home.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** Where a service's token lies. */
    public static Path token(StateFolder state, ControlService service) {
        return state.keys().resolve("tokens").resolve(service.module()).resolve("istio-token");
    }

    private Map<String, String> common(ControlService service) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(JavaOptions.ARENAS, JavaOptions.ARENAS_VALUE);
        settings.put("FLOTILLA_BIND", address(service));
        settings.put("FLOTILLA_NAMESPACE", ControlService.NAMESPACE);
        settings.put("FLOTILLA_MANAGEMENT_PORT", port(service.management()));
        settings.put("FLOTILLA_IDENTITY_DNS_NAMES", service.dnsNames());
        if (service != ControlService.CITADEL) {
            settings.put("FLOTILLA_IDENTITY_CITADEL", address(ControlService.CITADEL) + ":" + port(MeshPort.CITADEL));
            settings.put("FLOTILLA_IDENTITY_TOKEN_FILE", token(state, service).toString());
            settings.put("FLOTILLA_IDENTITY_ROOT_FILE", Credentials.root(state).toString());
        }
        return settings;
    }

    private Map<String, String> own(ControlService service) {
        String config = "xds+tls://" + (spec.isolation().namespaces() ? "istio-galley.istio-system.svc" : "127.0.0.1")
                + ":" + port(MeshPort.GALLEY);
        return switch (service) {
            case CITADEL ->
                Map.of(
                        "FLOTILLA_CONFIG", config,
                        "KAFKA_BOOTSTRAP_SERVERS", kafka(),
                        "FLOTILLA_PORT", port(MeshPort.CITADEL),
                        "FLOTILLA_CA_DIR", state.keys().resolve("ca").toString(),
                        "FLOTILLA_JWKS_FILE", Credentials.jwks(state).toString(),
                        "FLOTILLA_ROOT_OUT", Credentials.root(state).toString());
            case GALLEY ->
                Map.of(
                        "FLOTILLA_PORT", port(MeshPort.GALLEY),
                        "FLOTILLA_WEBHOOK_PORT", port(MeshPort.GALLEY_WEBHOOK),
                        "FLOTILLA_CONFIG_DIR", state.config() + "," + state.runtime(),
                        // Also for what waits for Kafka; without what it held, all would be new to the next run.
                        "FLOTILLA_STATE_DIR", state.data("galley").toString(),
                        "KAFKA_BOOTSTRAP_SERVERS", kafka());
            case PILOT ->
                Map.of(
                        "FLOTILLA_CONFIG", config,
                        "FLOTILLA_PORT", port(MeshPort.PILOT),
                        "FLOTILLA_TLS_PORT", port(MeshPort.PILOT_TLS),
                        "FLOTILLA_TOKENS_JWKS_FILE", Credentials.jwks(state).toString(),
                        "FLOTILLA_STATE_DIR", state.data("pilot").toString());
            case MIXER ->
                Map.of(
                        "FLOTILLA_CONFIG", config,
                        "FLOTILLA_PORT", port(MeshPort.MIXER),
                        "FLOTILLA_ZIPKIN_PORT", port(MeshPort.ZIPKIN),
                        "FLOTILLA_METRICS_PORT", port(MeshPort.MIXER_METRICS),
                        "FLOTILLA_MIXER_AUDIT_OUTBOX_DIR",
                                state.data("mixer").resolve("outbox").toString(),
                        "KAFKA_BOOTSTRAP_SERVERS", kafka());
            case INJECTOR ->
                Map.of(
                        "FLOTILLA_CONFIG", config,
                        "FLOTILLA_STATE_DIR", state.data("injector").toString(),
                        "FLOTILLA_WEBHOOK_PORT", port(MeshPort.INJECTOR));
        };
    }

    /** Where a service listens for others. */
    public String address(ControlService service) {
        return spec.isolation() == Isolation.NONE ? "127.0.0.1" : service.address();
    }

    private String kafka() {
        return spec.ownKafka() ? "127.0.0.1:" + port(MeshPort.KAFKA) : spec.kafka();
    }

    private String port(MeshPort port) {
        return Integer.toString(spec.innerPort(port));
    }
}
