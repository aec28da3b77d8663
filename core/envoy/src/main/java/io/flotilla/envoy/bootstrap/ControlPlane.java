package io.flotilla.envoy.bootstrap;

import java.util.Optional;

/**
 * Whom an Envoy asks for configuration and for its identity.
 *
 * @param pilot   serves configuration: over mutual TLS where there is an identity, else in plain text
 * @param identity where the identity comes from; empty only for an Envoy on the same host as a plaintext Pilot
 */
public record ControlPlane(Server pilot, Optional<Identity> identity) {
    /**
     * A server and the DNS name in its certificate.
     *
     * @param address where it listens
     * @param name    "istio-pilot.istio-system.svc", as its certificate has it
     */
    public record Server(Address address, String name) {}

    /**
     * How an Envoy gets its certificate.
     *
     * @param citadel serves certificate and roots (SDS)
     * @param files   what Envoy needs to talk to Citadel
     */
    public record Identity(Server citadel, IdentityFiles files) {}

    /** Of the classic names and ports in a namespace. */
    public static ControlPlane in(String namespace, IdentityFiles files) {
        String pilot = "istio-pilot." + namespace + ".svc";
        String citadel = "istio-citadel." + namespace + ".svc";
        return new ControlPlane(
                new Server(new Address(pilot, 15012), pilot),
                Optional.of(new Identity(new Server(new Address(citadel, 8060), citadel), files)));
    }
}
