package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ProxyStatsMatcher;
import java.util.TreeMap;

/** What a ProxyConfig says of an Envoy's bootstrap: statistics, runtime values, what its node tells, its limit of connections. */
public final class ProxySettings {
    private static final String METADATA = "ISTIO_META_";

    private ProxySettings() {}

    /** The bootstrap with all that a ProxyConfig says of it. */
    public static Bootstrap apply(Bootstrap made, ProxyConfig proxy) {
        Bootstrap.Builder bootstrap = made.toBuilder();
        if (proxy.hasProxyStatsMatcher()) {
            keep(bootstrap, proxy.getProxyStatsMatcher());
        }
        if (proxy.getRuntimeValuesCount() > 0) {
            runtime(bootstrap, proxy);
        }
        metadata(bootstrap, proxy);
        StatsSinks.add(bootstrap, proxy);
        if (!proxy.hasStatsCompression() || proxy.getStatsCompression().getValue()) {
            StatsCompression.offer(bootstrap);
        }
        if (proxy.getConnectionSettings().hasGlobalDownstreamConnectionLimit()) {
            connections(
                    bootstrap,
                    proxy.getConnectionSettings()
                            .getGlobalDownstreamConnectionLimit()
                            .getValue());
        }
        return bootstrap.build();
    }

    private static void keep(Bootstrap.Builder bootstrap, ProxyStatsMatcher asked) {
        ListStringMatcher.Builder kept =
                bootstrap.getStatsConfigBuilder().getStatsMatcherBuilder().getInclusionListBuilder();
        asked.getInclusionPrefixesList()
                .forEach(prefix -> kept.addPatterns(StringMatcher.newBuilder().setPrefix(prefix)));
        asked.getInclusionSuffixesList()
                .forEach(suffix -> kept.addPatterns(StringMatcher.newBuilder().setSuffix(suffix)));
        asked.getInclusionRegexpsList()
                .forEach(regex -> kept.addPatterns(StringMatcher.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex))));
    }

    // Before the layer of the admin interface, which holds before all others.
    private static void runtime(Bootstrap.Builder bootstrap, ProxyConfig proxy) {
        Struct.Builder values = Struct.newBuilder();
        new TreeMap<>(proxy.getRuntimeValuesMap()).forEach((name, value) -> values.putFields(name, text(value)));
        int admin = bootstrap.getLayeredRuntime().getLayersCount() - 1;
        bootstrap
                .getLayeredRuntimeBuilder()
                .addLayers(
                        Math.max(0, admin),
                        RuntimeLayer.newBuilder().setName("proxy config").setStaticLayer(values));
    }

    private static void metadata(Bootstrap.Builder bootstrap, ProxyConfig proxy) {
        TreeMap<String, String> told = new TreeMap<>();
        if (!proxy.getMeshId().isEmpty()) {
            told.put("MESH_ID", proxy.getMeshId());
        }
        proxy.getProxyMetadataMap().forEach((name, value) -> {
            if (name.startsWith(METADATA)) {
                told.put(name.substring(METADATA.length()), value);
            }
        });
        // What identifies the node is not the user's to say.
        told.keySet().removeAll(bootstrap.getNode().getMetadata().getFieldsMap().keySet());
        told.forEach(
                (name, value) -> bootstrap.getNodeBuilder().getMetadataBuilder().putFields(name, text(value)));
    }

    private static void connections(Bootstrap.Builder bootstrap, int limit) {
        for (ResourceMonitor.Builder monitor :
                bootstrap.getOverloadManagerBuilder().getResourceMonitorsBuilderList()) {
            if (monitor.getTypedConfig().is(DownstreamConnectionsConfig.class)) {
                try {
                    monitor.setTypedConfig(
                            Any.pack(monitor.getTypedConfig().unpack(DownstreamConnectionsConfig.class).toBuilder()
                                    .setMaxActiveDownstreamConnections(limit)
                                    .build()));
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("a monitor that was made here cannot be read", e);
                }
            }
        }
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
