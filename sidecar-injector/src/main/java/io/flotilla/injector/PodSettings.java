package io.flotilla.injector;

import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.injection.InjectionPolicy;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.MeshMembership;
import io.flotilla.injection.ProxyContainer;
import java.util.Optional;

/** Turns the service's settings into those of the injection, once, at start. */
final class PodSettings {
    private PodSettings() {}

    static InjectionSettings of(InjectorSettings settings) {
        InjectionPolicy policy = InjectionPolicy.DEFAULT;
        InjectorSettings.Injector injector = settings.injector();
        return InjectionSettings.defaults()
                .withPolicy(new InjectionPolicy(
                        injector.policy(),
                        policy.never(),
                        policy.always(),
                        policy.ignoredNamespaces(),
                        settings.namespace()))
                .withContainer(container(injector))
                .withMesh(new MeshMembership(
                        controlPlane(settings),
                        settings.domainSuffix(),
                        injector.clusterId(),
                        injector.network().orElse(""),
                        injector.revision(),
                        MeshMembership.Token.DEFAULT));
    }

    private static ProxyContainer container(InjectorSettings.Injector injector) {
        ProxyContainer base = ProxyContainer.DEFAULT;
        ProxyContainer.Lifecycle lifecycle = base.lifecycle();
        return new ProxyContainer(
                new ProxyContainer.Images(
                        injector.proxyImage().orElse(base.images().proxy()),
                        injector.initImage().orElse(base.images().init()),
                        base.images().pullPolicy()),
                injector.logLevel().orElse(base.logLevel()),
                injector.concurrency().orElse(base.threads()),
                base.requests(),
                base.limits(),
                new ProxyContainer.Lifecycle(
                        injector.nativeSidecar().orElse(lifecycle.nativeSidecar()),
                        injector.preStopSeconds().orElse(lifecycle.preStopSeconds()),
                        lifecycle.drainSeconds(),
                        lifecycle.startupFailures(),
                        lifecycle.readiness()));
    }

    private static ControlPlane controlPlane(InjectorSettings settings) {
        ControlPlane classic = ControlPlane.in(settings.namespace(), IdentityFiles.IN_POD);
        return new ControlPlane(
                at(classic.pilot(), settings.injector().pilot()),
                classic.identity()
                        .map(identity -> new ControlPlane.Identity(
                                at(identity.citadel(), settings.injector().citadel()), identity.files())));
    }

    private static ControlPlane.Server at(ControlPlane.Server server, Optional<String> address) {
        return address.map(given -> new ControlPlane.Server(Address.parse(given), server.name()))
                .orElse(server);
    }
}
