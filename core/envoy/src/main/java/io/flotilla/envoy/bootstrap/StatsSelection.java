package io.flotilla.envoy.bootstrap;

import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import io.envoyproxy.envoy.config.metrics.v3.TagSpecifier;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * The statistics that an Envoy keeps: few, since requests are counted by Mixer from access logs, and each statistic
 * costs memory per worker and cluster. What Envoy dropped from those logs is among them.
 */
final class StatsSelection {
    private static final List<String> PREFIXES = List.of(
            "access_logs.",
            "cluster.citadel.",
            // Not to look at: health checks of readiness and probes decide by these clusters' membership statistics.
            "cluster.configured.",
            "cluster.probe-grpc|",
            "cluster.probe-tcp|",
            "cluster.sds-gateway.",
            "cluster.xds-grpc.",
            "cluster_manager.",
            "control_plane.",
            "listener_manager.",
            "overload.",
            "sds.",
            "server.");

    // What drains wait for.
    private static final List<String> SUFFIXES = List.of("downstream_cx_active", "downstream_rq_active");

    private StatsSelection() {}

    static StatsConfig of(BootstrapSettings settings) {
        ListStringMatcher.Builder kept = ListStringMatcher.newBuilder();
        Stream.concat(PREFIXES.stream(), settings.tuning().statsPrefixes().stream())
                .distinct()
                .sorted()
                .forEach(prefix -> kept.addPatterns(StringMatcher.newBuilder().setPrefix(prefix)));
        SUFFIXES.forEach(suffix -> kept.addPatterns(StringMatcher.newBuilder().setSuffix(suffix)));
        return StatsConfig.newBuilder()
                .setUseAllDefaultTags(BoolValue.of(false))
                // Cluster names of the mesh contain dots: "outbound|80||reviews.default.svc.cluster.local".
                .addStatsTags(tag(
                        "cluster_name",
                        "^cluster\\.((.+?\\|\\d*\\|[^|]*\\|.*?|[^.|]+)\\.)"
                                + "(?:assignment|bind|client_ssl|circuit|default|external|http[123]?|internal|lb|max|membership"
                                + "|original|outlier|retry|ssl|update|upstream|version|warming)"))
                .addStatsTags(tag(
                        "listener_address", "^listener\\.(((?:[_.[:digit:]]*|[_\\[\\]aAbBcCdDeEfF[:digit:]]*))\\.)"))
                .addStatsTags(
                        tag("http_conn_manager_prefix", "^http\\.((.+?)\\.)(?:downstream|no_|passthrough|rq_|rs_)"))
                .addStatsTags(tag("response_code", "_rq(_(\\d{3}))$"))
                .addStatsTags(tag("response_code_class", "_rq(_(\\dxx))$"))
                .setStatsMatcher(StatsMatcher.newBuilder().setInclusionList(kept))
                .build();
    }

    private static TagSpecifier tag(String name, String regex) {
        return TagSpecifier.newBuilder().setTagName(name).setRegex(regex).build();
    }
}
