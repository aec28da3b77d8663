package io.flotilla.envoy.telemetry;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.telemetry.v1alpha1.Tracing.CustomTag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one side of a proxy, callers' or servers', writes by Telemetry.
 *
 * @param logs    access logs, beside the mesh's own to Mixer
 * @param unmatched listeners log connections that none of their chains takes (not MeshConfig.disableEnvoyListenerLog)
 * @param tracing of its requests
 * @param metrics that Mixer makes of it
 * @param service whose spans they are
 */
public record Observation(List<Log> logs, boolean unmatched, Trace tracing, Metered metrics, SpanService service) {
    /** Where no Telemetry and no default says anything. */
    public static final Observation NONE =
            new Observation(List.of(), false, Trace.NONE, Metered.USUAL, SpanService.NONE);

    public Observation {
        logs = List.copyOf(logs);
    }

    /**
     * One access log.
     *
     * @param filter a CEL expression that must hold; empty for all requests
     */
    public record Log(ExtensionProvider provider, String filter) {}

    /**
     * How requests are traced.
     *
     * @param provider  to whom; empty for the mesh's collector
     * @param sampling  percent of requests; empty for the mesh's
     * @param off       no spans are reported
     * @param tags      onto each span
     * @param requestId x-request-id decides who is sampled
     * @param alone     what is called is not told of the trace
     */
    public record Trace(
            Optional<ExtensionProvider> provider,
            Optional<Double> sampling,
            boolean off,
            Tags tags,
            boolean requestId,
            boolean alone) {
        static final Trace NONE =
                new Trace(Optional.empty(), Optional.empty(), false, new Tags(Map.of(), true), false, false);

        /** The same without spans. */
        Trace silent() {
            return new Trace(provider, sampling, true, tags, requestId, alone);
        }
    }

    /**
     * Tags of spans.
     *
     * @param own   sorted
     * @param istio also those that tell whose proxy it is, see {@link IstioTags}
     */
    public record Tags(Map<String, CustomTag> own, boolean istio) {
        public Tags {
            own = java.util.Collections.unmodifiableMap(new TreeMap<>(own));
        }
    }
}
