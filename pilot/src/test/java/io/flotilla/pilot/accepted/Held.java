package io.flotilla.pilot.accepted;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.EnvoyTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What an Envoy's configuration dump says that it holds, by kind and name. */
final class Held {
    private static final Pattern SECRET =
            Pattern.compile("(\"privateKey\": \\{\\s*\"filename\": |\"backendToken\": )\"[^\"]*\"");
    private static final TypeRegistry TYPES = EnvoyTypes.registry();
    // Packed messages may hold maps, whose bytes have no order: what they say is compared.
    private static final JsonFormat.Printer SAID =
            JsonFormat.printer().usingTypeRegistry(TYPES).sortingMapKeys();

    private final ConfinedEnvoy envoy;

    Held(ConfinedEnvoy envoy) {
        this.envoy = envoy;
    }

    /** What is not as it was sent, each with what is held instead; empty where all is. */
    List<String> differences(EnvoyResources sent, boolean routes) throws IOException {
        List<String> found = new ArrayList<>();
        Map<String, Object> listeners = new TreeMap<>();
        for (Struct each : dump("dynamic_listeners")) {
            Struct state = field(each, each.containsFields("warming_state") ? "warming_state" : "active_state");
            put(listeners, field(state, "listener"), Listener.newBuilder());
        }
        compare("listener", byName(sent.listeners()), listeners, found);
        Map<String, Object> clusters = new TreeMap<>();
        for (String state : List.of("dynamic_active_clusters", "dynamic_warming_clusters")) {
            for (Struct each : dump(state)) {
                put(clusters, field(each, "cluster"), Cluster.newBuilder());
            }
        }
        compare("cluster", byName(sent.clusters()), clusters, found);
        if (routes) {
            Map<String, Object> held = new TreeMap<>();
            for (Struct each : dump("dynamic_route_configs")) {
                put(held, field(each, "route_config"), RouteConfiguration.newBuilder());
            }
            compare("routes", byName(sent.routes()), held, found);
        }
        compareEndpoints(sent, found);
        return found;
    }

    // Envoy tells the state of endpoints, not the message: their places and addresses are compared.
    private void compareEndpoints(EnvoyResources sent, List<String> found) throws IOException {
        Map<String, Object> wanted = new TreeMap<>();
        sent.endpoints().forEach(each -> wanted.put(each.getClusterName(), places(each)));
        Map<String, Object> held = new TreeMap<>();
        for (Struct each : dump("dynamic_endpoint_configs&include_eds")) {
            ClusterLoadAssignment.Builder assignment = ClusterLoadAssignment.newBuilder();
            JsonFormat.parser()
                    .ignoringUnknownFields()
                    .usingTypeRegistry(TYPES)
                    .merge(JsonFormat.printer().print(field(each, "endpoint_config")), assignment);
            held.put(assignment.getClusterName(), places(assignment.build()));
        }
        wanted.keySet().retainAll(eds(sent));
        held.keySet().retainAll(eds(sent));
        compare("endpoints", wanted, held, found);
    }

    private static Set<String> eds(EnvoyResources sent) {
        TreeSet<String> names = new TreeSet<>();
        sent.clusters().stream()
                .filter(cluster -> cluster.getType() == Cluster.DiscoveryType.EDS)
                .forEach(cluster -> names.add(cluster.getEdsClusterConfig().getServiceName()));
        return names;
    }

    private static Set<String> places(ClusterLoadAssignment assignment) {
        TreeSet<String> places = new TreeSet<>();
        for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
            for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
                places.add(locality.getLocality().getRegion() + "/"
                        + locality.getLocality().getZone() + " " + locality.getPriority() + " "
                        + endpoint.getEndpoint().getAddress() + " "
                        + endpoint.getLoadBalancingWeight().getValue());
            }
        }
        return places;
    }

    private List<Struct> dump(String resource) throws IOException {
        String text = envoy.admin("/config_dump?resource=" + resource);
        Struct.Builder all = Struct.newBuilder();
        // A kind of which there is none is an error in words.
        if (text.startsWith("{")) {
            JsonFormat.parser().merge(text, all);
        }
        return all
                .getFieldsOrDefault(
                        "configs",
                        Value.newBuilder()
                                .setListValue(ListValue.getDefaultInstance())
                                .build())
                .getListValue()
                .getValuesList()
                .stream()
                .map(Value::getStructValue)
                .toList();
    }

    private static Struct field(Struct struct, String name) {
        return struct.getFieldsOrDefault(name, Value.getDefaultInstance()).getStructValue();
    }

    private static void put(Map<String, Object> all, Struct packed, Message.Builder builder)
            throws InvalidProtocolBufferException {
        if (packed.getFieldsCount() == 0) {
            return;
        }
        Any.Builder any = Any.newBuilder();
        JsonFormat.parser().usingTypeRegistry(TYPES).merge(JsonFormat.printer().print(packed), any);
        builder.mergeFrom(any.getValue());
        Message message = builder.build();
        all.put(EnvoyResources.name(message), said(message));
    }

    // Envoy does not tell where keys are, nor what is secret.
    private static String said(Message message) throws InvalidProtocolBufferException {
        return SECRET.matcher(SAID.print(message)).replaceAll("$1\"[redacted]\"");
    }

    private static Map<String, Object> byName(List<? extends Message> messages) throws InvalidProtocolBufferException {
        Map<String, Object> byName = new TreeMap<>();
        for (Message message : messages) {
            byName.put(EnvoyResources.name(message), said(message));
        }
        return byName;
    }

    private static void compare(String kind, Map<String, ?> sent, Map<String, ?> held, List<String> found) {
        TreeSet<String> names = new TreeSet<>(sent.keySet());
        names.addAll(held.keySet());
        for (String name : names) {
            Object was = sent.get(name);
            Object is = held.get(name);
            if (was == null || !was.equals(is)) {
                found.add(kind + " " + name + "\nsent: " + was + "\nheld: " + is);
            }
        }
    }
}
