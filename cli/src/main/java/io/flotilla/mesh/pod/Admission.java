package io.flotilla.mesh.pod;

import com.google.protobuf.Struct;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.injection.Injection;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.OwnTraffic;
import io.flotilla.injection.PodContext;
import io.flotilla.injection.SidecarInjector;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.nio.file.Path;
import java.util.Optional;

/** Injects pods of the local mesh by the function that the webhook uses. */
final class Admission {
    private static final int OWN_MARK = 1337;

    private final StateFolder state;
    private final MeshSpec spec;

    Admission(StateFolder state, MeshSpec spec) {
        this.state = state;
        this.spec = spec;
    }

    /**
     * A pod after admission.
     *
     * @param problem why it cannot run; empty if it can
     */
    record Admitted(Struct pod, String problem) {}

    /**
     * Injects a pod, or leaves it as it is.
     *
     * @param name    of the pod, for which the folder of its volumes is known
     * @param proxies what the mesh's objects say of how proxies start
     */
    Admitted admit(Struct pod, PodContext context, String name, MeshProxies proxies) {
        SidecarInjector injector = new SidecarInjector(settings(context.namespace(), name), proxies);
        return switch (injector.inject(Trees.toMap(pod), context)) {
            case Injection.Injected injected -> new Admitted(Trees.toStruct(injected.pod()), "");
            case Injection.Skipped skipped -> new Admitted(pod, "");
            case Injection.Refused refused -> new Admitted(pod, String.join("; ", refused.problems()));
        };
    }

    private InjectionSettings settings(String namespace, String name) {
        InjectionSettings base = InjectionSettings.defaults();
        return switch (spec.isolation()) {
            case ROOT -> base;
            case USER -> base.withOwnTraffic(new OwnTraffic.Mark(OWN_MARK));
            case NONE -> base.withoutCapture().withControlPlane(onLoopback(namespace, name));
        };
    }

    /** Without namespaces a pod's files are where they are, and the control plane is on loopback. */
    private ControlPlane onLoopback(String namespace, String name) {
        Path folder = state.pods().resolve(namespace + "_" + name);
        IdentityFiles files = new IdentityFiles(
                folder.resolve("istio-envoy").toString(),
                folder.resolve("istio-token").toString(),
                folder.resolve("istio-ca-root-cert").toString());
        return new ControlPlane(
                server(MeshPort.PILOT_TLS, "istio-pilot"),
                Optional.of(new ControlPlane.Identity(server(MeshPort.CITADEL, "istio-citadel"), files)));
    }

    private ControlPlane.Server server(MeshPort port, String name) {
        return new ControlPlane.Server(new Address("127.0.0.1", spec.port(port)), name + ".istio-system.svc");
    }
}
