package io.flotilla.pilot.debug;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.flotilla.envoy.EnvoyJson;
import io.flotilla.envoy.EnvoyResources;
import java.util.List;
import java.util.stream.Collectors;

/** What a proxy is told, in the shape in which Envoy's own admin port dumps what it has. */
final class Dump {
    private static final String TYPE = "type.googleapis.com/";

    private Dump() {}

    /** The parts of an envoy.admin.v3.ConfigDump. */
    static List<Any> parts(EnvoyResources resources) {
        ClustersConfigDump.Builder clusters = ClustersConfigDump.newBuilder();
        resources
                .clusters()
                .forEach(each -> clusters.addDynamicActiveClusters(
                        ClustersConfigDump.DynamicCluster.newBuilder().setCluster(Any.pack(each))));
        EndpointsConfigDump.Builder endpoints = EndpointsConfigDump.newBuilder();
        resources
                .endpoints()
                .forEach(each -> endpoints.addDynamicEndpointConfigs(
                        EndpointsConfigDump.DynamicEndpointConfig.newBuilder().setEndpointConfig(Any.pack(each))));
        ListenersConfigDump.Builder listeners = ListenersConfigDump.newBuilder();
        resources
                .listeners()
                .forEach(each -> listeners.addDynamicListeners(ListenersConfigDump.DynamicListener.newBuilder()
                        .setName(each.getName())
                        .setActiveState(ListenersConfigDump.DynamicListenerState.newBuilder()
                                .setListener(Any.pack(each)))));
        RoutesConfigDump.Builder routes = RoutesConfigDump.newBuilder();
        resources
                .routes()
                .forEach(each -> routes.addDynamicRouteConfigs(
                        RoutesConfigDump.DynamicRouteConfig.newBuilder().setRouteConfig(Any.pack(each))));
        EcdsConfigDump.Builder extensions = EcdsConfigDump.newBuilder();
        resources
                .extensions()
                .forEach(each -> extensions.addEcdsFilters(
                        EcdsConfigDump.EcdsFilterConfig.newBuilder().setEcdsFilter(Any.pack(each))));
        return List.of(
                Any.pack(clusters.build()),
                Any.pack(endpoints.build()),
                Any.pack(listeners.build()),
                Any.pack(routes.build()),
                Any.pack(extensions.build()));
    }

    /** The same as JSON: {"configs": [...]}. */
    static String json(EnvoyResources resources) {
        return "{\"configs\": [\n"
                + String.join(
                        ",\n",
                        part("ClustersConfigDump", "dynamicActiveClusters", "cluster", resources.clusters()),
                        part("EndpointsConfigDump", "dynamicEndpointConfigs", "endpointConfig", resources.endpoints()),
                        listeners(resources),
                        part("RoutesConfigDump", "dynamicRouteConfigs", "routeConfig", resources.routes()),
                        part("EcdsConfigDump", "ecdsFilters", "ecdsFilter", resources.extensions()))
                + "\n]}\n";
    }

    private static String part(String dump, String field, String wrapper, List<? extends Message> messages) {
        return "{\"@type\": \"" + TYPE + "envoy.admin.v3." + dump + "\", \"" + field + "\": "
                + messages.stream()
                        .map(each -> "{\"" + wrapper + "\": " + packed(each) + "}")
                        .collect(Collectors.joining(",\n", "[", "]}"));
    }

    private static String listeners(EnvoyResources resources) {
        return "{\"@type\": \"" + TYPE + "envoy.admin.v3.ListenersConfigDump\", \"dynamicListeners\": "
                + resources.listeners().stream()
                        .map(each -> "{\"name\": \"" + each.getName() + "\", \"activeState\": {\"listener\": "
                                + packed(each) + "}}")
                        .collect(Collectors.joining(",\n", "[", "]}"));
    }

    private static String packed(Message message) {
        String json = EnvoyJson.of(message);
        String type = "{\"@type\": \"" + TYPE + message.getDescriptorForType().getFullName() + "\"";
        String rest = json.substring(json.indexOf('{') + 1);
        return type + (rest.strip().equals("}") ? "" : ",") + rest;
    }

    /** Load assignments of several proxies, each content once. */
    static String assignments(List<EnvoyResources> all) {
        return all.stream()
                .flatMap(resources -> resources.endpoints().stream())
                .distinct()
                .map(EnvoyJson::of)
                .collect(Collectors.joining(",\n", "[", "]\n"));
    }
}
