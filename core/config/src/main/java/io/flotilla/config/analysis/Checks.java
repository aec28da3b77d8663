package io.flotilla.config.analysis;

import io.flotilla.config.analysis.classic.ClassicChecks;
import io.flotilla.config.analysis.destination.DestinationChecks;
import io.flotilla.config.analysis.external.ExternalChecks;
import io.flotilla.config.analysis.gateway.GatewayChecks;
import io.flotilla.config.analysis.gatewayapi.GatewayApiChecks;
import io.flotilla.config.analysis.hygiene.HygieneChecks;
import io.flotilla.config.analysis.reference.ReferenceChecks;
import io.flotilla.config.analysis.route.RouteChecks;
import io.flotilla.config.analysis.scope.ScopeChecks;
import io.flotilla.config.analysis.security.SecurityChecks;
import io.flotilla.config.analysis.workload.WorkloadChecks;
import java.util.List;
import java.util.stream.Stream;

/** All checks, theme by theme. */
final class Checks {
    static final List<Check> ALL = Stream.of(
                    ReferenceChecks.ALL,
                    RouteChecks.ALL,
                    DestinationChecks.ALL,
                    GatewayChecks.ALL,
                    SecurityChecks.ALL,
                    WorkloadChecks.ALL,
                    ScopeChecks.ALL,
                    HygieneChecks.ALL,
                    ClassicChecks.ALL,
                    ExternalChecks.ALL,
                    GatewayApiChecks.ALL)
            .flatMap(List::stream)
            .toList();

    private Checks() {}
}
