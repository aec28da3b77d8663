package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.overload.v3.OverloadAction;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.config.overload.v3.ThresholdTrigger;
import io.envoyproxy.envoy.config.overload.v3.Trigger;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;

/** What an Envoy does before it runs out of connections or memory: refuse new work rather than die. */
final class OverloadLimits {
    private static final String CONNECTIONS = "envoy.resource_monitors.global_downstream_max_connections";
    private static final String HEAP = "envoy.resource_monitors.fixed_heap";

    private OverloadLimits() {}

    static OverloadManager of(ProxyTuning tuning) {
        OverloadManager.Builder manager = OverloadManager.newBuilder()
                .setRefreshInterval(Durations.fromMillis(250))
                .addResourceMonitors(monitor(
                        CONNECTIONS,
                        DownstreamConnectionsConfig.newBuilder()
                                .setMaxActiveDownstreamConnections(tuning.maxConnections())
                                .build()));
        tuning.maxHeapBytes()
                .ifPresent(bytes -> manager.addResourceMonitors(monitor(
                                HEAP,
                                FixedHeapConfig.newBuilder()
                                        .setMaxHeapSizeBytes(bytes)
                                        .build()))
                        .addActions(action("envoy.overload_actions.shrink_heap", 0.90))
                        .addActions(action("envoy.overload_actions.stop_accepting_requests", 0.98)));
        return manager.build();
    }

    private static ResourceMonitor monitor(String name, Message config) {
        return ResourceMonitor.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static OverloadAction action(String name, double heapShare) {
        return OverloadAction.newBuilder()
                .setName(name)
                .addTriggers(Trigger.newBuilder()
                        .setName(HEAP)
                        .setThreshold(ThresholdTrigger.newBuilder().setValue(heapShare)))
                .build();
    }
}
