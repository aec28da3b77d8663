package io.flotilla.policy;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.RuleParts;
import java.util.Map;
import java.util.Optional;

/**
 * By which TLS a client's proxy speaks to a port of a service: what its DestinationRule says, the port's settings before
 * those of all ports and a subset's before the rule's, else what the mesh does by itself.
 *
 * @param by empty where no rule says it
 */
public record ClientTls(Mode mode, Optional<Clause> by) {
    /** What the client does. */
    public enum Mode {
        /** Mesh TLS to whatever takes it, else plaintext. */
        AUTOMATIC,
        MESH,
        PLAINTEXT,
        /** TLS with certificates of its own, which are none of the mesh. */
        OWN
    }

    /**
     * What holds for a client.
     *
     * @param port      of the service
     * @param subset    empty for none
     * @param namespace of the client
     * @param labels    of the client
     */
    public static ClientTls of(
            MeshSnapshot mesh,
            MeshService service,
            int port,
            String subset,
            String namespace,
            Map<String, String> labels) {
        RuleParts rules = mesh.destinationRuleParts(service, namespace, labels);
        return rules.subset(subset)
                .filter(each -> !subset.isEmpty())
                .flatMap(each -> said(
                        each.rule(),
                        each.subset().getTrafficPolicy(),
                        "spec.subsets[" + each.index() + "].trafficPolicy",
                        port))
                .or(() -> rules.policy()
                        .flatMap(each -> said(each, each.spec().getTrafficPolicy(), "spec.trafficPolicy", port)))
                .orElseGet(() -> new ClientTls(
                        mesh.settings().autoMtls() && !service.external() ? Mode.AUTOMATIC : Mode.PLAINTEXT,
                        Optional.empty()));
    }

    private static Optional<ClientTls> said(Config<DestinationRule> rule, TrafficPolicy policy, String path, int port) {
        for (int i = 0; i < policy.getPortLevelSettingsCount(); i++) {
            TrafficPolicy.PortTrafficPolicy settings = policy.getPortLevelSettings(i);
            if (settings.getPort().getNumber() == port && settings.hasTls()) {
                return Optional.of(of(rule, settings.getTls(), path + ".portLevelSettings[" + i + "].tls"));
            }
        }
        return policy.hasTls() ? Optional.of(of(rule, policy.getTls(), path + ".tls")) : Optional.empty();
    }

    private static ClientTls of(Config<DestinationRule> rule, ClientTLSSettings tls, String path) {
        Mode mode = switch (tls.getMode()) {
            case ISTIO_MUTUAL -> Mode.MESH;
            case SIMPLE, MUTUAL -> Mode.OWN;
            case DISABLE, UNRECOGNIZED -> Mode.PLAINTEXT;
        };
        return new ClientTls(mode, Optional.of(new Clause(rule.key(), path)));
    }

    /** Whether the server's proxy gets to see the client's certificate. */
    public boolean shows(MtlsMode server) {
        return switch (mode) {
            case AUTOMATIC, MESH -> server != MtlsMode.DISABLE;
            case PLAINTEXT, OWN -> false;
        };
    }

    /** Client and server do not understand each other. */
    public boolean conflicts(MtlsMode server) {
        return switch (mode) {
            case AUTOMATIC -> false;
            case MESH -> server == MtlsMode.DISABLE;
            case PLAINTEXT, OWN -> server == MtlsMode.STRICT;
        };
    }
}
