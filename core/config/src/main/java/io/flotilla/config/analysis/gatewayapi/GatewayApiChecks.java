package io.flotilla.config.analysis.gatewayapi;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** The Gateway API. */
public final class GatewayApiChecks {
    public static final List<Check> ALL = List.of(new RouteReferences(), new Listeners(), new Grants());

    private GatewayApiChecks() {}
}
