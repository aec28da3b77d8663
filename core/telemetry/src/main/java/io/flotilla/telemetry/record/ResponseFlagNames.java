package io.flotilla.telemetry.record;

import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Envoy's response flags by the short names of its access log format (%RESPONSE_FLAGS%). */
final class ResponseFlagNames {
    private record Flag(String name, Predicate<ResponseFlags> isSet) {}

    private static final List<Flag> FLAGS = List.of(
            new Flag("LH", ResponseFlags::getFailedLocalHealthcheck),
            new Flag("UH", ResponseFlags::getNoHealthyUpstream),
            new Flag("UT", ResponseFlags::getUpstreamRequestTimeout),
            new Flag("LR", ResponseFlags::getLocalReset),
            new Flag("UR", ResponseFlags::getUpstreamRemoteReset),
            new Flag("UF", ResponseFlags::getUpstreamConnectionFailure),
            new Flag("UC", ResponseFlags::getUpstreamConnectionTermination),
            new Flag("UO", ResponseFlags::getUpstreamOverflow),
            new Flag("NR", ResponseFlags::getNoRouteFound),
            new Flag("DI", ResponseFlags::getDelayInjected),
            new Flag("FI", ResponseFlags::getFaultInjected),
            new Flag("RL", ResponseFlags::getRateLimited),
            new Flag("UAEX", ResponseFlags::hasUnauthorizedDetails),
            new Flag("RLSE", ResponseFlags::getRateLimitServiceError),
            new Flag("DC", ResponseFlags::getDownstreamConnectionTermination),
            new Flag("URX", ResponseFlags::getUpstreamRetryLimitExceeded),
            new Flag("SI", ResponseFlags::getStreamIdleTimeout),
            new Flag("IH", ResponseFlags::getInvalidEnvoyRequestHeaders),
            new Flag("DPE", ResponseFlags::getDownstreamProtocolError),
            new Flag("UMSDR", ResponseFlags::getUpstreamMaxStreamDurationReached),
            new Flag("RFCF", ResponseFlags::getResponseFromCacheFilter),
            new Flag("NFCF", ResponseFlags::getNoFilterConfigFound),
            new Flag("DT", ResponseFlags::getDurationTimeout),
            new Flag("UPE", ResponseFlags::getUpstreamProtocolError),
            new Flag("NC", ResponseFlags::getNoClusterFound),
            new Flag("OM", ResponseFlags::getOverloadManager),
            new Flag("DF", ResponseFlags::getDnsResolutionFailure),
            new Flag("DR", ResponseFlags::getDownstreamRemoteReset));

    private ResponseFlagNames() {}

    /** "UF,URX"; empty for none. */
    static String of(ResponseFlags flags) {
        if (flags.equals(ResponseFlags.getDefaultInstance())) {
            return "";
        }
        return FLAGS.stream()
                .filter(flag -> flag.isSet().test(flags))
                .map(Flag::name)
                .collect(Collectors.joining(","));
    }
}
