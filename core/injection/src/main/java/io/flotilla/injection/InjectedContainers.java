package io.flotilla.injection;

import com.google.protobuf.util.Durations;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.envoy.bootstrap.StaticListeners;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is put into a pod.
 *
 * @param settings  of this pod
 * @param bootstrap JSON with placeholders
 * @param start     of Envoy, as the pod wants it
 * @param volumes   that the pod wants in its sidecar
 */
record InjectedContainers(InjectionSettings settings, String bootstrap, EnvoyStart start, UserVolumes volumes) {
    private static final String ENVOY_VOLUME = "istio-envoy";
    private static final String TOKEN_VOLUME = "istio-token";
    private static final String ROOT_VOLUME = "istio-ca-root-cert";

    // Envoy takes what is merged over its bootstrap as an argument, and a pod's arguments cannot name a file's content.
    private static final List<String> OVERRIDING = List.of(
            "/bin/sh",
            "-c",
            "override=$(cat \"$" + EnvoyStart.VARIABLE + "\") && exec \"$0\" \"$@\" --config-yaml \"$override\"",
            "envoy");

    /** The pod's spec with everything in it. */
    Map<String, Object> into(Map<String, Object> spec, List<Map<String, Object>> applications) {
        boolean nativeSidecar = settings.container().lifecycle().nativeSidecar();
        List<Object> init = new ArrayList<>(List.of(init()));
        List<Object> containers = new ArrayList<>();
        (nativeSidecar ? init : containers).add(proxy(nativeSidecar));
        init.addAll(Tree.list(spec, "initContainers"));
        containers.addAll(applications);
        List<Object> all = new ArrayList<>(Tree.list(spec, "volumes"));
        all.addAll(ownVolumes());
        all.addAll(volumes.volumes());
        Map<String, Object> injected = new LinkedHashMap<>(spec);
        injected.put("initContainers", init);
        injected.put("containers", containers);
        injected.put("volumes", all);
        return injected;
    }

    /** What was put in, for the status annotation. */
    Map<String, Object> status(String revision) {
        boolean nativeSidecar = settings.container().lifecycle().nativeSidecar();
        List<String> volumeNames = new ArrayList<>(List.of(ENVOY_VOLUME, TOKEN_VOLUME, ROOT_VOLUME));
        if (start.overrides()) {
            volumeNames.add(EnvoyStart.VOLUME);
        }
        volumes.volumes().forEach(volume -> volumeNames.add(Tree.text(volume, "name")));
        return Tree.of(
                "initContainers",
                nativeSidecar
                        ? List.of(Annotations.INIT_CONTAINER, Annotations.PROXY_CONTAINER)
                        : List.of(Annotations.INIT_CONTAINER),
                "containers",
                nativeSidecar ? List.of() : List.of(Annotations.PROXY_CONTAINER),
                "volumes",
                volumeNames,
                "imagePullSecrets",
                List.of(),
                "revision",
                revision);
    }

    private Map<String, Object> init() {
        ProxyContainer.Images images = settings.container().images();
        return Tree.of(
                "name",
                Annotations.INIT_CONTAINER,
                "image",
                images.init(),
                "imagePullPolicy",
                images.pullPolicy(),
                "command",
                InitScript.command(),
                "env",
                InitEnvironment.of(settings, bootstrap),
                "resources",
                Tree.of(
                        "requests", Tree.of("cpu", "10m", "memory", "10Mi"),
                        "limits", Tree.of("cpu", "100m", "memory", "50Mi")),
                "securityContext",
                SecurityContexts.init(settings.capture()),
                "volumeMounts",
                List.of(mount(ENVOY_VOLUME, settings.mesh().files().proxyDirectory(), false)));
    }

    private Map<String, Object> proxy(boolean nativeSidecar) {
        ProxyContainer container = settings.container();
        StaticListeners listeners = settings.listeners();
        Map<String, Object> proxy = Tree.of(
                "name",
                Annotations.PROXY_CONTAINER,
                "image",
                container.images().proxy(),
                "imagePullPolicy",
                container.images().pullPolicy(),
                "command",
                start.overrides() ? OVERRIDING : List.of("envoy"),
                "args",
                arguments(container),
                "env",
                environment(),
                "ports",
                List.of(Tree.of(
                        "containerPort", listeners.stats().port(), "name", "http-envoy-prom", "protocol", "TCP")),
                "resources",
                Tree.of("requests", quantities(container.requests()), "limits", quantities(container.limits())),
                "securityContext",
                SecurityContexts.proxy(settings.capture()),
                "startupProbe",
                probe(1, container.lifecycle().startupFailures(), 0),
                "readinessProbe",
                readiness(container.lifecycle().readiness()),
                "lifecycle",
                Tree.of(
                        "preStop",
                        Tree.of(
                                "sleep",
                                Tree.of("seconds", container.lifecycle().preStopSeconds()))),
                "volumeMounts",
                mounts());
        return nativeSidecar ? Tree.with(proxy, "restartPolicy", "Always") : proxy;
    }

    private List<String> arguments(ProxyContainer container) {
        List<String> arguments = new ArrayList<>(List.of(
                "-c",
                settings.mesh().files().bootstrap(),
                "--disable-hot-restart",
                "--drain-time-s",
                Integer.toString(container.lifecycle().drainSeconds()),
                "--drain-strategy",
                "immediate",
                "-l",
                container.logLevel()));
        if (!start.componentLogLevels().isEmpty()) {
            arguments.addAll(List.of("--component-log-level", start.componentLogLevels()));
        }
        if (container.threads() > 0) {
            arguments.addAll(List.of("--concurrency", Integer.toString(container.threads())));
        }
        ProxyConfig proxy = settings.proxy();
        if (proxy.hasFileFlushInterval()) {
            arguments.addAll(List.of(
                    "--file-flush-interval-msec", Long.toString(Durations.toMillis(proxy.getFileFlushInterval()))));
        }
        if (proxy.getFileFlushMinSizeKb() > 0) {
            arguments.addAll(
                    List.of("--file-flush-min-size-kb", Integer.toUnsignedString(proxy.getFileFlushMinSizeKb())));
        }
        return arguments;
    }

    // What the pod knows of itself cannot be told otherwise.
    private List<Object> environment() {
        List<Object> environment = new ArrayList<>(InitEnvironment.ofPod());
        Set<String> own = new HashSet<>(Set.of(EnvoyStart.VARIABLE));
        InitEnvironment.ofPod().forEach(each -> own.add(Tree.text(each, "name")));
        new TreeMap<>(settings.proxy().getProxyMetadataMap()).forEach((name, value) -> {
            if (!own.contains(name)) {
                environment.add(Tree.of("name", name, "value", value));
            }
        });
        if (start.overrides()) {
            environment.add(Tree.of("name", EnvoyStart.VARIABLE, "value", EnvoyStart.FILE));
        }
        return environment;
    }

    private Map<String, Object> readiness(ProxyContainer.Readiness readiness) {
        return probe(readiness.periodSeconds(), readiness.failureThreshold(), readiness.initialDelaySeconds());
    }

    private Map<String, Object> probe(int period, int failures, int delay) {
        return Tree.of(
                "httpGet",
                Tree.of(
                        "path",
                        "/healthz/ready",
                        "port",
                        settings.listeners().readiness().port()),
                "initialDelaySeconds",
                delay,
                "periodSeconds",
                period,
                "timeoutSeconds",
                3,
                "failureThreshold",
                failures);
    }

    private List<Object> mounts() {
        IdentityFiles files = settings.mesh().files();
        List<Object> mounts = new ArrayList<>(List.of(
                mount(ENVOY_VOLUME, files.proxyDirectory(), false),
                mount(TOKEN_VOLUME, files.tokenDirectory(), true),
                mount(ROOT_VOLUME, files.rootDirectory(), true)));
        if (start.overrides()) {
            mounts.add(mount(EnvoyStart.VOLUME, EnvoyStart.DIRECTORY, true));
        }
        mounts.addAll(volumes.mounts());
        return mounts;
    }

    private List<Map<String, Object>> ownVolumes() {
        MeshMembership.Token token = settings.mesh().token();
        List<Map<String, Object>> own = new ArrayList<>(List.of(
                Tree.of("name", ENVOY_VOLUME, "emptyDir", Tree.of("medium", "Memory")),
                Tree.of(
                        "name",
                        TOKEN_VOLUME,
                        "projected",
                        Tree.of(
                                "sources",
                                List.of(Tree.of(
                                        "serviceAccountToken",
                                        Tree.of(
                                                "audience",
                                                token.audience(),
                                                "expirationSeconds",
                                                token.lifetimeSeconds(),
                                                "path",
                                                "istio-token"))))),
                Tree.of("name", ROOT_VOLUME, "configMap", Tree.of("name", token.rootConfigMap()))));
        if (start.overrides()) {
            own.add(Tree.of("name", EnvoyStart.VOLUME, "configMap", Tree.of("name", start.bootstrapConfigMap())));
        }
        return own;
    }

    private static Map<String, Object> mount(String volume, String path, boolean readOnly) {
        Map<String, Object> mount = Tree.of("name", volume, "mountPath", path);
        return readOnly ? Tree.with(mount, "readOnly", true) : mount;
    }

    private static Map<String, Object> quantities(Map<String, String> quantities) {
        return new LinkedHashMap<>(new TreeMap<>(quantities));
    }
}
