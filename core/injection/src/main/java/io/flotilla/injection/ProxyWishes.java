package io.flotilla.injection;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.flotilla.envoy.bootstrap.StaticListeners;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a ProxyConfig asks of the injected containers; of its bootstrap, see {@link io.flotilla.envoy.bootstrap.ProxySettings}. */
final class ProxyWishes {
    private static final int LARGEST_PORT = 65535;

    private final ProxyConfig proxy;
    private final List<String> problems = new ArrayList<>();

    ProxyWishes(ProxyConfig proxy) {
        this.proxy = proxy;
    }

    /** What cannot be done; complete once {@link #over} was called. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    InjectionSettings over(InjectionSettings base) {
        return new InjectionSettings(
                base.policy(),
                container(base.container()),
                capture(base.capture()),
                base.withControlPlane(controlPlane(base.mesh().controlPlane())).mesh(),
                listeners(base.listeners()),
                base.appHost(),
                base.proxy());
    }

    private ProxyContainer container(ProxyContainer base) {
        ProxyContainer.Lifecycle lifecycle = base.lifecycle();
        return new ProxyContainer(
                new ProxyContainer.Images(
                        image(base.images().proxy()),
                        base.images().init(),
                        base.images().pullPolicy()),
                base.logLevel(),
                proxy.hasConcurrency() ? proxy.getConcurrency().getValue() : base.threads(),
                base.requests(),
                base.limits(),
                new ProxyContainer.Lifecycle(
                        // Applications that wait for the proxy need one that starts, and is ready, before them.
                        lifecycle.nativeSidecar()
                                || proxy.getHoldApplicationUntilProxyStarts().getValue(),
                        seconds(
                                proxy.hasTerminationDrainDuration(),
                                proxy.getTerminationDrainDuration(),
                                lifecycle.preStopSeconds()),
                        seconds(proxy.hasDrainDuration(), proxy.getDrainDuration(), lifecycle.drainSeconds()),
                        lifecycle.startupFailures(),
                        lifecycle.readiness()));
    }

    // Envoy's own images tell their kind before the version: "envoy:distroless-v1.40.0".
    private String image(String base) {
        String type = proxy.getImage().getImageType().toLowerCase(Locale.ROOT);
        int tag = base.lastIndexOf(':');
        return switch (type) {
            case "", "default" -> base;
            case "distroless", "debug" -> {
                if (tag < 0 || !base.startsWith("v", tag + 1)) {
                    problems.add(
                            "image.imageType: the image " + base + " has no version as its tag, so that none of type "
                                    + type + " can be told; name the whole image by " + Annotations.PROXY_IMAGE);
                    yield base;
                }
                yield base.substring(0, tag + 1) + type + "-" + base.substring(tag + 1);
            }
            default -> {
                problems.add("image.imageType: \"" + type + "\" must be default, debug or distroless");
                yield base;
            }
        };
    }

    private Capture capture(Capture base) {
        return switch (proxy.getInterceptionMode()) {
            // The first of the enumeration says nothing: it is what a field that is left out has.
            case REDIRECT, UNRECOGNIZED -> base;
            case NONE -> new Capture(InterceptionMode.NONE, base.ownTraffic(), base.ports(), base.scope());
            case TPROXY -> {
                problems.add("interceptionMode: TPROXY must be REDIRECT or NONE");
                yield base;
            }
        };
    }

    private ControlPlane controlPlane(ControlPlane base) {
        String asked = proxy.getDiscoveryAddress();
        if (asked.isEmpty()) {
            return base;
        }
        try {
            return new ControlPlane(
                    new ControlPlane.Server(Address.parse(asked), base.pilot().name()), base.identity());
        } catch (IllegalArgumentException e) {
            problems.add("discoveryAddress: \"" + asked + "\" must be HOST:PORT");
            return base;
        }
    }

    private StaticListeners listeners(StaticListeners base) {
        return new StaticListeners(
                at(base.admin(), "proxyAdminPort", proxy.getProxyAdminPort()),
                at(base.probes(), "statusPort", proxy.getStatusPort()),
                base.readiness(),
                base.stats());
    }

    private Address at(Address base, String field, int port) {
        if (port < 0 || port > LARGEST_PORT) {
            problems.add(field + ": " + port + " must be a port");
            return base;
        }
        return port == 0 ? base : new Address(base.host(), port);
    }

    private static int seconds(boolean given, Duration duration, int base) {
        return given ? (int) Math.min(Integer.MAX_VALUE, duration.getSeconds()) : base;
    }
}
