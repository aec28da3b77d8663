package io.flotilla.policy;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.api.networking.v1alpha3.IstioIngressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Everything that stands before a port of a workload.
 *
 * @param port          the port, and what it accepts
 * @param tokens        whose tokens are believed
 * @param authorization the policies
 * @param authorizers   those outside whom policies may name
 * @param normalization what is done to a path before anything looks at it
 * @param revocations   certificates and identities that were taken back
 */
public record Protection(
        Port port,
        Tokens tokens,
        Authorization authorization,
        List<Authorizer> authorizers,
        NormalizationType normalization,
        List<Config<Revocation>> revocations) {
    public Protection {
        authorizers = List.copyOf(authorizers);
        revocations = List.copyOf(revocations);
    }

    /**
     * A port.
     *
     * @param number   of the workload, not of its service; 0 for one that no service has and nobody names
     * @param declared some service or Sidecar has it
     * @param mtls     what it accepts; empty at an edge, where its Gateway says that
     */
    public record Port(int number, Protocol protocol, boolean declared, Optional<MtlsDecision> mtls) {}

    /**
     * Whose tokens are believed.
     *
     * @param clauses what says each rule of the policy, in their order
     */
    public record Tokens(TokenPolicy policy, List<Clause> clauses) {
        public static final Tokens NONE = new Tokens(TokenPolicy.NONE, List.of());

        public Tokens {
            clauses = List.copyOf(clauses);
        }
    }

    /**
     * Somebody outside who can be asked.
     *
     * @param connections also about connections that are not HTTP
     */
    public record Authorizer(String name, boolean connections) {}

    /** Its client chooses by its first bytes whether it makes requests or connections. */
    boolean isUndecided() {
        return port.protocol() == Protocol.AUTO;
    }

    /** What stands before a port of a workload's sidecar. */
    public static Protection of(MeshSnapshot mesh, Guarded workload, int number) {
        Protocol found = protocol(mesh, workload, number).orElse(Protocol.TCP);
        boolean declared = protocol(mesh, workload, number).isPresent();
        int known = declared ? number : 0;
        return new Protection(
                new Port(
                        number,
                        found,
                        declared,
                        Optional.of(mesh.mtlsDecision(workload.namespace(), workload.labels(), known))),
                new Tokens(mesh.tokens(workload, known), mesh.tokenClauses(workload, known)),
                mesh.authorization(workload, known),
                Authorizers.of(mesh, workload),
                mesh.meshConfig().getPathNormalization().getNormalization(),
                mesh.revocations());
    }

    /**
     * What stands before requests that come to these Gateways at an edge.
     *
     * @param number on which the edge's pods listen
     */
    public static Protection edge(MeshSnapshot mesh, Guarded workload, int number, Collection<ObjectKey> gateways) {
        return new Protection(
                new Port(number, Protocol.HTTP, true, Optional.empty()),
                new Tokens(
                        mesh.edgeTokens(workload, number, gateways), mesh.edgeTokenClauses(workload, number, gateways)),
                mesh.edgeAuthorization(workload, gateways),
                Authorizers.of(mesh, workload),
                mesh.meshConfig().getPathNormalization().getNormalization(),
                mesh.revocations());
    }

    /** A Sidecar with ingress listeners declares ports alone. */
    private static Optional<Protocol> protocol(MeshSnapshot mesh, Guarded workload, int number) {
        List<IstioIngressListener> listeners = mesh.imports(workload.namespace(), workload.labels(), true)
                .sidecar()
                .map(Config::spec)
                .map(Sidecar::getIngressList)
                .orElse(List.of());
        return listeners.isEmpty()
                ? mesh.inboundPorts(workload.namespace(), workload.labels()).stream()
                        .filter(each -> each.endpointPort() == number)
                        .map(InboundPort::servicePort)
                        .map(each -> each.protocol())
                        .filter(protocol -> protocol != Protocol.UDP)
                        .findFirst()
                : listeners.stream()
                        .map(IstioIngressListener::getPort)
                        .filter(each -> each.getNumber() == number)
                        .map(each -> Protocols.parse(each.getProtocol())
                                .orElseGet(() -> Protocols.ofPort(
                                        each.getName(),
                                        number,
                                        "TCP",
                                        "",
                                        mesh.settings().classic())))
                        .findFirst();
    }
}
