package io.flotilla.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a service gets its certificate.
 *
 * @param citadel     HOST:PORT of the CSR API
 * @param citadelName DNS name in Citadel's own certificate
 * @param tokenFile   holds the bearer token; read anew each time, since it is replaced while we run
 * @param rootFile    PEM roots; watched
 * @param dnsNames    that the request tells; Citadel grants what its rule says for our service account
 * @param lifetime    asked for; zero leaves it to Citadel
 */
public record IdentitySettings(
        String citadel, String citadelName, Path tokenFile, Path rootFile, List<String> dnsNames, Duration lifetime) {
    /** Where Citadel is in the suite's own namespace. */
    public static final String CITADEL_NAME = "istio-citadel.istio-system.svc";

    public IdentitySettings {
        dnsNames = List.copyOf(dnsNames);
        HostPort.parse(citadel);
    }

    /** With the usual names, and the lifetime that Citadel gives. */
    public static IdentitySettings of(String citadel, Path tokenFile, Path rootFile) {
        return new IdentitySettings(citadel, CITADEL_NAME, tokenFile, rootFile, List.of(), Duration.ZERO);
    }
}
