package io.flotilla.pilot.debug;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.EnvoyTypes;

/** What a proxy is told, in the shape of Envoy's own /config_dump: /debug/config_dump. */
final class ConfigDump {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().usingTypeRegistry(EnvoyTypes.registry()).preservingProtoFieldNames();

    private ConfigDump() {}

    static String json(EnvoyResources resources) {
        ClustersConfigDump.Builder clusters = ClustersConfigDump.newBuilder();
        resources
                .clusters()
                .forEach(cluster -> clusters.addDynamicActiveClusters(
                        ClustersConfigDump.DynamicCluster.newBuilder().setCluster(Any.pack(cluster))));
        ListenersConfigDump.Builder listeners = ListenersConfigDump.newBuilder();
        resources
                .listeners()
                .forEach(listener -> listeners.addDynamicListeners(ListenersConfigDump.DynamicListener.newBuilder()
                        .setName(listener.getName())
                        .setActiveState(ListenersConfigDump.DynamicListenerState.newBuilder()
                                .setListener(Any.pack(listener)))));
        RoutesConfigDump.Builder routes = RoutesConfigDump.newBuilder();
        resources
                .routes()
                .forEach(route -> routes.addDynamicRouteConfigs(
                        RoutesConfigDump.DynamicRouteConfig.newBuilder().setRouteConfig(Any.pack(route))));
        EndpointsConfigDump.Builder endpoints = EndpointsConfigDump.newBuilder();
        resources
                .endpoints()
                .forEach(assignment ->
                        endpoints.addDynamicEndpointConfigs(EndpointsConfigDump.DynamicEndpointConfig.newBuilder()
                                .setEndpointConfig(Any.pack(assignment))));
        return "{\"configs\":["
                + String.join(
                        ",",
                        typed(clusters.build()),
                        typed(listeners.build()),
                        typed(routes.build()),
                        typed(endpoints.build()))
                + "]}";
    }

    private static String typed(Message message) {
        try {
            String body = PRINTER.print(message);
            String type = "\"@type\": \"type.googleapis.com/"
                    + message.getDescriptorForType().getFullName() + "\"";
            boolean empty = message.getSerializedSize() == 0;
            return "{" + type + (empty ? "" : ",") + body.substring(body.indexOf('{') + 1);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a type is missing in EnvoyTypes", e);
        }
    }
}
