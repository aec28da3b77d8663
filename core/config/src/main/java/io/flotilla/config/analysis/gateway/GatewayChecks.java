package io.flotilla.config.analysis.gateway;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Gateways. */
public final class GatewayChecks {
    public static final List<Check> ALL = List.of(
            new SelectsNothing(),
            new ServerConflicts(),
            new SharedCertificate(),
            new PortWithoutService(),
            new Unused(),
            new RedirectToNowhere(),
            new UnboundedListeners());

    private GatewayChecks() {}
}
