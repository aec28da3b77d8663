package io.flotilla.config.analysis.security;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Mutual TLS, authentication, authorization. */
public final class SecurityChecks {
    public static final List<Check> ALL = List.of(
            new ClientAgainstServer(),
            new MeshWideMtls(),
            new PortLevelMtls(),
            new OverruledPolicies(),
            new AuthorizationSources(),
            new AuthorizationOperations(),
            new AuthorizationEffect(),
            new TokenChecks(),
            new ClaimRouting());

    private SecurityChecks() {}
}
