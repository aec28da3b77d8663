package io.flotilla.injection;

import io.flotilla.envoy.CapturePorts;
import io.flotilla.envoy.bootstrap.InterceptionMode;

/**
 * How a pod's traffic gets to its sidecar.
 *
 * @param mode         NONE leaves the pod's network alone
 * @param ownTraffic   what the sidecar itself sends
 * @param ports        where the sidecar takes what is captured
 * @param scope        which connections
 */
public record Capture(InterceptionMode mode, OwnTraffic ownTraffic, CapturePorts ports, CaptureScope scope) {
    /** Everything, on Istio's ports. */
    public static final Capture DEFAULT =
            new Capture(InterceptionMode.REDIRECT, OwnTraffic.DEFAULT, CapturePorts.STANDARD, CaptureScope.ALL);
}
