package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.ClusterManager;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketOption;

/** Decides what an Envoy starts with: {@code BootstrapSettings -> Bootstrap}. */
public final class Bootstraps {
    // Envoy starts its static listeners when the first clusters and listeners have arrived, or this has passed for
    // each. Without an end, a pod would fail its liveness probe while Pilot is away. Readiness does not follow from
    // it: StaticHttpListeners asks whether both have arrived.
    private static final Duration FIRST_FETCH_TIMEOUT = Durations.fromSeconds(2);

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;

    private Bootstraps() {}

    /** The bootstrap that {@code settings} ask for; equal settings give equal messages. */
    public static Bootstrap translate(BootstrapSettings settings) {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder()
                .setNode(settings.node().toEnvoy())
                .setAdmin(Admin.newBuilder()
                        .setAddress(settings.listeners().admin().toEnvoy()))
                .setDynamicResources(dynamicResources())
                .setStaticResources(Bootstrap.StaticResources.newBuilder()
                        .addAllListeners(StaticHttpListeners.of(settings))
                        .addAllClusters(ControlPlaneClusters.of(settings))
                        .addAllClusters(LocalClusters.of(settings)))
                .setStatsConfig(StatsSelection.of(settings))
                .setOverloadManager(OverloadLimits.of(settings.tuning()))
                .setLayeredRuntime(runtime());
        settings.tuning().socketMark().ifPresent(mark -> bootstrap.setClusterManager(marked(mark)));
        return bootstrap.build();
    }

    private static Bootstrap.DynamicResources dynamicResources() {
        ConfigSource ads = ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setInitialFetchTimeout(FIRST_FETCH_TIMEOUT)
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
        return Bootstrap.DynamicResources.newBuilder()
                .setAdsConfig(SdsConfig.source(ControlPlaneClusters.PILOT))
                .setCdsConfig(ads)
                .setLdsConfig(ads)
                .build();
    }

    private static ClusterManager marked(long mark) {
        return ClusterManager.newBuilder()
                .setUpstreamBindConfig(BindConfig.newBuilder()
                        .addSocketOptions(SocketOption.newBuilder()
                                .setDescription("own traffic, left alone by capture")
                                .setLevel(SOL_SOCKET)
                                .setName(SO_MARK)
                                .setIntValue(mark)
                                .setState(SocketOption.SocketState.STATE_PREBIND)))
                .build();
    }

    private static LayeredRuntime runtime() {
        Struct limits = Struct.newBuilder()
                .putFields(
                        "re2.max_program_size.error_level",
                        Value.newBuilder().setNumberValue(32768).build())
                .build();
        return LayeredRuntime.newBuilder()
                .addLayers(RuntimeLayer.newBuilder().setName("limits").setStaticLayer(limits))
                .addLayers(
                        RuntimeLayer.newBuilder().setName("admin").setAdminLayer(RuntimeLayer.AdminLayer.newBuilder()))
                .build();
    }
}
