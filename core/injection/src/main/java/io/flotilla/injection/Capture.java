package io.flotilla.injection;

import io.flotilla.envoy.bootstrap.InterceptionMode;

/**
 * How a pod's traffic gets to its sidecar.
 *
 * @param mode         NONE leaves the pod's network alone
 * @param ownTraffic   what the sidecar itself sends
 * @param outboundPort where the sidecar takes the application's connections, classic 15001
 * @param inboundPort  where it takes connections to the application, classic 15006
 * @param scope        which connections
 */
public record Capture(
        InterceptionMode mode, OwnTraffic ownTraffic, int outboundPort, int inboundPort, CaptureScope scope) {
    /** Everything, on Istio's ports. */
    public static final Capture DEFAULT =
            new Capture(InterceptionMode.REDIRECT, OwnTraffic.DEFAULT, 15001, 15006, CaptureScope.ALL);
}
