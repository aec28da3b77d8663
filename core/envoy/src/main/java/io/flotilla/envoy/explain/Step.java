package io.flotilla.envoy.explain;

import io.flotilla.config.model.Origin;
import java.util.Optional;

/**
 * One step on the way of a request.
 *
 * @param stage   what kind of step: "capture", "edge", "listener", "left out", "filter chain", "routes", "virtual host",
 *                "route", "rewrite", "fault", "timeout", "retry", "mirror", "cluster", "load balancing", "endpoint",
 *                "mtls", "answer"
 * @param what    the resource or the value
 * @param because who decided; empty where nobody did but the way the mesh works
 */
public record Step(String stage, String what, Optional<Decision> because) {
    /**
     * The object that decided.
     *
     * @param object "KIND NAMESPACE/NAME"
     * @param path   of the field, empty for the whole object
     * @param origin where that is written
     */
    public record Decision(String object, String path, Origin origin) {}
}
