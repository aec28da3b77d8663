/**
 * For applications without a proxy, whose gRPC library asks Pilot itself: what their sidecar would be told, in the part
 * of Envoy's API that gRPC's client (gRFCs A27, A28, A29, A31 to A33, A42, A44, A50) and server (A36, A41) know.
 */
@NullMarked
package io.flotilla.envoy.proxyless;

import org.jspecify.annotations.NullMarked;
