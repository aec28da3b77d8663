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

/** What a ProxyConfig says of an Envoy's bootstrap: statistics, runtime values, what its node tells, its limits of connections. */
public final class ProxySettings {
    private static final String METADATA = "ISTIO_META_";
    private static final String INBOUND_LIMIT = "envoy.resource_limits.listener.virtualInbound.connection_limit";

    private ProxySettings() {}

    /** The bootstrap with all that a ProxyConfig says of it. */
    public static Bootstrap apply(Bootstrap made, ProxyConfig proxy) {
        Bootstrap.Builder bootstrap = runtime(made, proxy).toBuilder();
        if (proxy.hasProxyStatsMatcher()) {
            keep(bootstrap, proxy.getProxyStatsMatcher());
        }
        if (!proxy.getServiceCluster().isEmpty()) {
            bootstrap.getNodeBuilder().setCluster(proxy.getServiceCluster());
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

    /**
     * The bootstrap with the runtime values alone, in a layer before that of the admin interface, which holds before all
     * others. To Envoy, how many connections a listener has at most is such a value, by the listener's name: a sidecar's
     * inbound listener has the same name everywhere; those of an edge are named by address and port, which Gateways say.
     */
    public static Bootstrap runtime(Bootstrap made, ProxyConfig proxy) {
        TreeMap<String, Value> values = new TreeMap<>();
        if (proxy.getConnectionSettings().hasListenerConnectionLimit()) {
            values.put(
                    INBOUND_LIMIT,
                    Value.newBuilder()
                            .setNumberValue(proxy.getConnectionSettings()
                                    .getListenerConnectionLimit()
                                    .getValue())
                            .build());
        }
        proxy.getRuntimeValuesMap().forEach((name, value) -> values.put(name, text(value)));
        if (values.isEmpty()) {
            return made;
        }
        Bootstrap.Builder bootstrap = made.toBuilder();
        int admin = bootstrap.getLayeredRuntime().getLayersCount() - 1;
        bootstrap
                .getLayeredRuntimeBuilder()
                .addLayers(
                        Math.max(0, admin),
                        RuntimeLayer.newBuilder()
                                .setName("proxy config")
                                .setStaticLayer(Struct.newBuilder().putAllFields(values)));
        return bootstrap.build();
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
