package io.flotilla.config.analysis.route;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** VirtualServices. */
public final class RouteChecks {
    public static final List<Check> ALL = List.of(
            new HostClaimedTwice(),
            new ShadowedRules(),
            new ImpossibleMatch(),
            new DestinationPort(),
            new Weights(),
            new WithoutEffect(),
            new GatewayHosts(),
            new IngressIgnoresRules(),
            new RetriesAndTimeout(),
            new RetryStorm(),
            new RemovedHeader(),
            new DeadSubset(),
            new RedirectLoop());

    private RouteChecks() {}
}
