package io.flotilla.config.snapshot;

import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.PeerAuthentication.MutualTLS;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a port accepts: PeerAuthentication of the port, the workload, the namespace, the mesh, each inheriting what it
 * leaves unset; where none says anything, the classic policies; then the mesh's default.
 */
final class MtlsIndex {
    private static final Comparator<Config<PeerAuthentication>> OLDEST = Comparator.comparing(
                    (Config<PeerAuthentication> config) -> config.created())
            .thenComparing(Config::name);

    private final MeshSettings settings;
    private final Map<String, List<Config<PeerAuthentication>>> current = new HashMap<>();
    private final ClassicPolicies classic;
    private final boolean disables;

    MtlsIndex(ObjectTable objects, MeshSettings settings) {
        this.settings = settings;
        this.classic = new ClassicPolicies(objects);
        for (var config : objects.all(Kind.PEER_AUTHENTICATION, PeerAuthentication.class)) {
            current.computeIfAbsent(config.namespace(), namespace -> new ArrayList<>())
                    .add(config);
        }
        current.values().forEach(each -> each.sort(OLDEST));
        this.disables = settings.defaultMtls() == MtlsMode.DISABLE
                || classic.any()
                || current.values().stream().flatMap(List::stream).anyMatch(MtlsIndex::disables);
    }

    MtlsDecision decide(String namespace, Map<String, String> labels, int port, List<InboundPort> inbound) {
        return ofWorkload(namespace, labels, port)
                .or(() -> wide(namespace))
                .or(() -> wide(settings.rootNamespace()))
                .or(() -> classic.mode(namespace, port, inbound))
                .orElseGet(() -> new MtlsDecision(settings.defaultMtls(), Optional.empty()));
    }

    /** Whether any port of any workload can have {@link MtlsMode#DISABLE}. */
    boolean disables() {
        return disables;
    }

    private static boolean disables(Config<PeerAuthentication> policy) {
        return Stream.concat(Stream.of(policy.spec().getMtls()), policy.spec().getPortLevelMtlsMap().values().stream())
                .anyMatch(mtls -> mtls.getMode() == MutualTLS.Mode.DISABLE);
    }

    /** Ports that the policy of the workload names. */
    Set<Integer> ports(String namespace, Map<String, String> labels) {
        return selecting(namespace, labels)
                .map(policy -> policy.spec().getPortLevelMtlsMap().keySet())
                .orElse(Set.of());
    }

    /** The oldest policy of the namespace that selects the workload. */
    private Optional<Config<PeerAuthentication>> selecting(String namespace, Map<String, String> labels) {
        return current.getOrDefault(namespace, List.of()).stream()
                .filter(policy -> policy.spec().getSelector().getMatchLabelsCount() > 0
                        && labels.entrySet()
                                .containsAll(policy.spec()
                                        .getSelector()
                                        .getMatchLabelsMap()
                                        .entrySet()))
                .findFirst();
    }

    private Optional<MtlsDecision> ofWorkload(String namespace, Map<String, String> labels, int port) {
        return selecting(namespace, labels).flatMap(policy -> {
            MutualTLS ofPort = policy.spec().getPortLevelMtlsMap().get(port);
            return Optional.ofNullable(ofPort)
                    .flatMap(mtls -> said(policy, mtls, "spec.portLevelMtls." + port))
                    .or(() -> said(policy, policy.spec().getMtls(), "spec.mtls"));
        });
    }

    /** The oldest policy of the namespace that selects all of it. */
    private Optional<MtlsDecision> wide(String namespace) {
        return current.getOrDefault(namespace, List.of()).stream()
                .filter(policy -> policy.spec().getSelector().getMatchLabelsCount() == 0)
                .findFirst()
                .flatMap(policy -> said(policy, policy.spec().getMtls(), "spec.mtls"));
    }

    private static Optional<MtlsDecision> said(Config<PeerAuthentication> policy, MutualTLS mtls, String path) {
        return mode(mtls).map(mode -> new MtlsDecision(mode, Optional.of(new Clause(policy.key(), path))));
    }

    private static Optional<MtlsMode> mode(MutualTLS mtls) {
        return switch (mtls.getMode()) {
            case DISABLE -> Optional.of(MtlsMode.DISABLE);
            case PERMISSIVE -> Optional.of(MtlsMode.PERMISSIVE);
            case STRICT -> Optional.of(MtlsMode.STRICT);
            case UNSET, UNRECOGNIZED -> Optional.empty();
        };
    }
}
