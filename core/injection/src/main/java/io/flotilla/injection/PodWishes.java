package io.flotilla.injection;

import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.flotilla.envoy.bootstrap.StaticListeners;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a pod's annotations ask for. Reads them over the settings, and collects what cannot be done as problems, and what
 * is not done as warnings.
 */
final class PodWishes {
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5}(,\\d{1,5})*)?");
    private static final Pattern ALL_OR_PORTS = Pattern.compile("\\*|" + PORTS);
    private static final Pattern RANGES =
            Pattern.compile("\\*|([0-9a-fA-F.:]+(/\\d{1,3})?(,[0-9a-fA-F.:]+(/\\d{1,3})?)*)?");
    private static final Pattern INTERFACES = Pattern.compile("([A-Za-z0-9_.+-]+(,[A-Za-z0-9_.+-]+)*)?");
    private static final Pattern QUANTITY = Pattern.compile("\\d+(\\.\\d+)?([mkKMGTPE]i?)?");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]*");
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warning", "error", "critical", "off");
    private static final Pattern COMPONENT_LEVELS =
            Pattern.compile("([a-z0-9_]+:(trace|debug|info|warning|warn|error|err|critical|off)(,(?=.)|$))*");
    private static final Pattern CONFIG_MAP_NAME = Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?");
    private static final Set<String> KNOWN_ELSEWHERE =
            Set.of(Annotations.INJECT, Annotations.STATUS, Annotations.USER_VOLUME, Annotations.USER_VOLUME_MOUNT);

    private final Map<String, String> annotations;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> used = new java.util.HashSet<>(KNOWN_ELSEWHERE);

    PodWishes(Map<String, String> annotations) {
        this.annotations = annotations;
    }

    /**
     * The settings of this pod: what single annotations say holds before its ProxyConfig.
     *
     * @param proxy that ProxyConfig, {@link #proxy} in it
     */
    InjectionSettings over(InjectionSettings mesh, ProxyConfig proxy) {
        ProxyWishes wishes = new ProxyWishes(proxy);
        InjectionSettings settings = wishes.over(mesh);
        problems.addAll(wishes.problems());
        return new InjectionSettings(
                settings.policy(),
                container(settings.container()),
                capture(settings.capture()),
                settings.withControlPlane(controlPlane(settings.mesh().controlPlane()))
                        .mesh(),
                listeners(settings.listeners()),
                settings.appHost(),
                proxy);
    }

    /** What the pod says of its proxy by proxy.istio.io/config. */
    ProxyConfig proxy() {
        return read(Annotations.PROXY_CONFIG)
                .map(text -> {
                    ProxyText asked = ProxyText.ofPod(text);
                    asked.problems()
                            .forEach(
                                    problem -> problems.add("annotation " + Annotations.PROXY_CONFIG + ": " + problem));
                    return asked.config();
                })
                .orElse(ProxyConfig.getDefaultInstance());
    }

    /** Whether probes of the applications go through the sidecar. */
    boolean rewritesProbes() {
        return truth(Annotations.REWRITE_PROBES, true)
                && !annotations.getOrDefault(Annotations.STATUS_PORT, "").equals("0");
    }

    /** How its Envoy starts. */
    EnvoyStart start() {
        return new EnvoyStart(
                matching(
                        Annotations.COMPONENT_LOG_LEVEL,
                        COMPONENT_LEVELS,
                        "levels by component, as in upstream:debug,connection:trace",
                        ""),
                matching(Annotations.BOOTSTRAP_OVERRIDE, CONFIG_MAP_NAME, "the name of a ConfigMap", ""));
    }

    List<String> statsPrefixes() {
        return Arrays.stream(read(Annotations.STATS_PREFIXES).orElse("").split(","))
                .map(String::trim)
                .filter(prefix -> !prefix.isEmpty())
                .toList();
    }

    /** What was asked for in a way that cannot be understood; complete once everything was read. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Annotations of the sidecar that nothing here reads. */
    List<String> warnings() {
        return annotations.keySet().stream()
                .filter(name -> name.contains("sidecar.istio.io/") && !used.contains(name))
                .sorted()
                .map(name -> "annotation " + name + " is not supported and has no effect")
                .toList();
    }

    private ProxyContainer container(ProxyContainer base) {
        Map<String, String> requests = new LinkedHashMap<>(base.requests());
        Map<String, String> limits = new LinkedHashMap<>(base.limits());
        // As in Istio, a pod that says what its sidecar needs says all of it: the other defaults do not apply.
        if (annotations.containsKey(Annotations.PROXY_CPU) || annotations.containsKey(Annotations.PROXY_MEMORY)) {
            requests.clear();
            limits.clear();
        }
        quantity(Annotations.PROXY_CPU).ifPresent(value -> requests.put("cpu", value));
        quantity(Annotations.PROXY_MEMORY).ifPresent(value -> requests.put("memory", value));
        quantity(Annotations.PROXY_CPU_LIMIT).ifPresent(value -> limits.put("cpu", value));
        quantity(Annotations.PROXY_MEMORY_LIMIT).ifPresent(value -> limits.put("memory", value));
        String image = matching(
                Annotations.PROXY_IMAGE, IMAGE, "an image", base.images().proxy());
        return new ProxyContainer(
                new ProxyContainer.Images(
                        image, base.images().init(), base.images().pullPolicy()),
                level(base.logLevel()),
                base.threads(),
                requests,
                limits,
                lifecycle(base.lifecycle()));
    }

    private ProxyContainer.Lifecycle lifecycle(ProxyContainer.Lifecycle base) {
        ProxyContainer.Readiness readiness = base.readiness();
        return new ProxyContainer.Lifecycle(
                truth(Annotations.NATIVE_SIDECAR, base.nativeSidecar()),
                base.preStopSeconds(),
                base.drainSeconds(),
                base.startupFailures(),
                new ProxyContainer.Readiness(
                        number(Annotations.READINESS_DELAY, readiness.initialDelaySeconds(), 0, 3600),
                        number(Annotations.READINESS_PERIOD, readiness.periodSeconds(), 1, 3600),
                        number(Annotations.READINESS_FAILURES, readiness.failureThreshold(), 1, 3600)));
    }

    private String level(String base) {
        String level = read(Annotations.LOG_LEVEL).orElse(base);
        if (!LEVELS.contains(level)) {
            problem(Annotations.LOG_LEVEL, level, "one of trace, debug, info, warning, error, critical, off");
        }
        return level;
    }

    private Capture capture(Capture base) {
        CaptureScope scope = base.scope();
        CaptureScope asked = new CaptureScope(
                ranges(Annotations.INCLUDE_OUTBOUND_RANGES, scope.includeOutboundRanges()),
                ranges(Annotations.EXCLUDE_OUTBOUND_RANGES, scope.excludeOutboundRanges()),
                ports(Annotations.INCLUDE_OUTBOUND_PORTS, scope.includeOutboundPorts()),
                ports(Annotations.EXCLUDE_OUTBOUND_PORTS, scope.excludeOutboundPorts()),
                new CaptureScope.Inbound(
                        matching(
                                Annotations.INCLUDE_INBOUND_PORTS,
                                ALL_OR_PORTS,
                                "\"*\", empty, or ports separated by commas",
                                scope.inbound().includePorts()),
                        ports(Annotations.EXCLUDE_INBOUND_PORTS, scope.inbound().excludePorts())),
                matching(
                        Annotations.EXCLUDE_INTERFACES,
                        INTERFACES,
                        "a list of network interfaces",
                        scope.excludeInterfaces()));
        return new Capture(mode(base.mode()), base.ownTraffic(), base.ports(), asked);
    }

    private InterceptionMode mode(InterceptionMode base) {
        String mode = read(Annotations.INTERCEPTION_MODE).orElse(base.name());
        return Arrays.stream(InterceptionMode.values())
                .filter(known -> known.name().equals(mode))
                .findFirst()
                .orElseGet(() -> {
                    problem(Annotations.INTERCEPTION_MODE, mode, "REDIRECT or NONE");
                    return base;
                });
    }

    private ControlPlane controlPlane(ControlPlane base) {
        return read(Annotations.DISCOVERY_ADDRESS)
                .map(asked -> {
                    try {
                        return new ControlPlane(
                                new ControlPlane.Server(
                                        Address.parse(asked), base.pilot().name()),
                                base.identity());
                    } catch (IllegalArgumentException e) {
                        problem(Annotations.DISCOVERY_ADDRESS, asked, "HOST:PORT");
                        return base;
                    }
                })
                .orElse(base);
    }

    private StaticListeners listeners(StaticListeners base) {
        int port = number(Annotations.STATUS_PORT, base.probes().port(), 0, 65535);
        return port == 0
                ? base
                : new StaticListeners(
                        base.admin(), new Address(base.probes().host(), port), base.readiness(), base.stats());
    }

    private Optional<String> quantity(String name) {
        return read(name).filter(value -> {
            boolean valid = QUANTITY.matcher(value).matches();
            if (!valid) {
                problem(name, value, "a quantity such as 100m or 128Mi");
            }
            return valid;
        });
    }

    private String ports(String name, String base) {
        String ports = matching(name, PORTS, "ports separated by commas, or empty", base);
        for (String port : ports.split(",", -1)) {
            if (port.length() == 5 && Integer.parseInt(port) > 65535) {
                problem(name, ports, "ports up to 65535");
            }
        }
        return ports;
    }

    private String ranges(String name, String base) {
        return matching(name, RANGES, "\"*\", empty, or CIDR ranges separated by commas", base);
    }

    private String matching(String name, Pattern pattern, String expected, String base) {
        String value = read(name).orElse(base).replace(" ", "");
        if (!pattern.matcher(value).matches()) {
            problem(name, value, expected);
            return base;
        }
        return value;
    }

    private int number(String name, int base, int least, int most) {
        String value = read(name).orElse(Integer.toString(base));
        try {
            int number = Integer.parseInt(value.trim());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        problem(name, value, "a number from " + least + " to " + most);
        return base;
    }

    private boolean truth(String name, boolean base) {
        String value = read(name).orElse(Boolean.toString(base));
        if (!value.equals("true") && !value.equals("false")) {
            problem(name, value, "\"true\" or \"false\"");
        }
        return value.equals("true");
    }

    private Optional<String> read(String name) {
        used.add(name);
        return Optional.ofNullable(annotations.get(name));
    }

    private void problem(String name, String value, String expected) {
        String problem = "annotation " + name + ": \"" + value + "\" must be " + expected;
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }
}
