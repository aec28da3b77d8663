package io.flotilla.config.analysis.security;

import io.flotilla.api.authentication.v1alpha1.MutualTls;
import io.flotilla.api.authentication.v1alpha1.PeerAuthenticationMethod;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.PeerAuthentication.MutualTLS;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What servers accept, and by which object: PeerAuthentication of the workload, the namespace, the mesh, then the
 * classic policies, then the mesh's default.
 */
final class ServerMtls {
    private static final Comparator<Config<?>> OLDEST =
            Comparator.comparing((Config<?> config) -> config.created()).thenComparing(Config::name);

    private static final int NO_PORT = 0;

    private final Mesh mesh;
    private final Map<String, List<Config<PeerAuthentication>>> peers = new HashMap<>();
    private final Map<String, List<Config<Policy>>> classic = new HashMap<>();
    private final Optional<Config<Policy>> classicMesh;

    /**
     * What decides for a port.
     *
     * @param mode what it accepts
     * @param by   the object that says so; null where it is the mesh's default
     */
    record Decision(MtlsMode mode, @Nullable Config<?> by) {
        String reason() {
            return by == null ? "the mesh's default" : by.key().toString();
        }
    }

    ServerMtls(Mesh mesh) {
        this.mesh = mesh;
        mesh.all(Kind.PEER_AUTHENTICATION, PeerAuthentication.class)
                .forEach(each -> peers.computeIfAbsent(each.namespace(), namespace -> new ArrayList<>())
                        .add(each));
        mesh.all(Kind.POLICY, Policy.class)
                .forEach(each -> classic.computeIfAbsent(each.namespace(), namespace -> new ArrayList<>())
                        .add(each));
        peers.values().forEach(each -> each.sort(OLDEST));
        classic.values().forEach(each -> each.sort(OLDEST));
        classicMesh = mesh.all(Kind.MESH_POLICY, Policy.class).stream()
                .filter(each -> each.name().equals("default"))
                .findFirst();
    }

    /**
     * What a workload's port accepts.
     *
     * @param service     through which it is called, for the targets of classic policies
     * @param servicePort of that service
     */
    Decision of(String namespace, Map<String, String> labels, int port, String service, ServicePort servicePort) {
        return peer(namespace, labels, port)
                .or(() -> classic(namespace, service, servicePort))
                .orElseGet(this::ofNobody);
    }

    /** Whether a workload accepts mutual TLS on none of its ports. */
    boolean off(WorkloadFact workload) {
        Optional<Decision> peer = peer(workload.namespace(), workload.labels(), NO_PORT);
        Decision elsewhere = peer.or(() -> classicWide(workload.namespace()))
                .or(this::classicMesh)
                .orElseGet(this::ofNobody);
        return elsewhere.mode() == MtlsMode.DISABLE
                && own(workload.namespace(), workload.labels()).stream()
                        .flatMap(each -> each.spec().getPortLevelMtlsMap().values().stream()
                                .flatMap(mtls -> decision(mtls, each).stream()))
                        .allMatch(port -> port.mode() == MtlsMode.DISABLE)
                && (peer.isPresent() || !targeted(workload));
    }

    /** Whether a classic policy allows mutual TLS for a service that the workload is behind. */
    private boolean targeted(WorkloadFact workload) {
        return classic.getOrDefault(workload.namespace(), List.of()).stream()
                .filter(policy -> decision(policy).mode() != MtlsMode.DISABLE)
                .flatMap(policy -> policy.spec().getTargetsList().stream())
                .flatMap(target -> mesh.hosts().find(target.getName(), workload.namespace()).stream())
                .anyMatch(service -> mesh.behind(service).contains(workload));
    }

    private Decision ofNobody() {
        return new Decision(mesh.settings().defaultMtls(), null);
    }

    /** What a PeerAuthentication says of a workload's port: its own, the namespace's, or the mesh's. */
    Optional<Decision> peer(String namespace, Map<String, String> labels, int port) {
        return ofWorkload(namespace, labels, port)
                .or(() -> wide(namespace))
                .or(() -> wide(mesh.settings().rootNamespace()));
    }

    private Optional<Decision> ofWorkload(String namespace, Map<String, String> labels, int port) {
        return own(namespace, labels).flatMap(each -> {
            MutualTLS ofPort = each.spec().getPortLevelMtlsMap().get(port);
            return Optional.ofNullable(ofPort)
                    .flatMap(mtls -> decision(mtls, each))
                    .or(() -> decision(each.spec().getMtls(), each));
        });
    }

    private Optional<Config<PeerAuthentication>> own(String namespace, Map<String, String> labels) {
        return peers.getOrDefault(namespace, List.of()).stream()
                .filter(each -> each.spec().getSelector().getMatchLabelsCount() > 0
                        && Labels.fit(each.spec().getSelector().getMatchLabelsMap(), labels))
                .findFirst();
    }

    /** What a namespace says of all of its workloads. */
    Optional<Decision> wide(String namespace) {
        return peers.getOrDefault(namespace, List.of()).stream()
                .filter(each -> each.spec().getSelector().getMatchLabelsCount() == 0)
                .findFirst()
                .flatMap(each -> decision(each.spec().getMtls(), each));
    }

    /** What the namespace's classic policy without targets says. */
    Optional<Decision> classicWide(String namespace) {
        return classic.getOrDefault(namespace, List.of()).stream()
                .filter(each -> each.spec().getTargetsCount() == 0)
                .findFirst()
                .map(ServerMtls::decision);
    }

    /** What the mesh's classic policy says. */
    Optional<Decision> classicMesh() {
        return classicMesh.map(ServerMtls::decision);
    }

    private Optional<Decision> classic(String namespace, String service, ServicePort port) {
        return classic.getOrDefault(namespace, List.of()).stream()
                .filter(each -> each.spec().getTargetsList().stream()
                        .anyMatch(target -> target.getName().equals(service) && names(target, port)))
                .findFirst()
                .map(ServerMtls::decision)
                .or(() -> classicWide(namespace))
                .or(this::classicMesh);
    }

    /** Whether the target of a classic policy means a port of its service: all of them, or by number or name. */
    static boolean names(TargetSelector target, ServicePort port) {
        return target.getPortsCount() == 0
                || target.getPortsList().stream()
                        .anyMatch(one ->
                                one.hasName() ? one.getName().equals(port.name()) : one.getNumber() == port.number());
    }

    private static Decision decision(Config<Policy> policy) {
        for (PeerAuthenticationMethod method : policy.spec().getPeersList()) {
            if (method.hasMtls()) {
                boolean permissive = method.getMtls().getMode() == MutualTls.Mode.PERMISSIVE;
                return new Decision(permissive ? MtlsMode.PERMISSIVE : MtlsMode.STRICT, policy);
            }
        }
        return new Decision(MtlsMode.DISABLE, policy);
    }

    private static Optional<Decision> decision(MutualTLS mtls, Config<?> by) {
        return switch (mtls.getMode()) {
            case DISABLE -> Optional.of(new Decision(MtlsMode.DISABLE, by));
            case PERMISSIVE -> Optional.of(new Decision(MtlsMode.PERMISSIVE, by));
            case STRICT -> Optional.of(new Decision(MtlsMode.STRICT, by));
            case UNSET, UNRECOGNIZED -> Optional.empty();
        };
    }
}
