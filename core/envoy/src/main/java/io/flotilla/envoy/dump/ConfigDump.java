package io.flotilla.envoy.dump;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.EnvoyTypes;
import io.flotilla.envoy.ResourceType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The resources of an envoy.admin.v3.ConfigDump that came by xDS, by type and name. Its static ones are the bootstrap's.
 *
 * @param resources of every type, where there is none an empty map
 */
public record ConfigDump(Map<ResourceType, SortedMap<String, Entry>> resources) {
    // Of packed messages that a newer Envoy fills, fields that nobody knows here are nobody's difference.
    private static final JsonFormat.Parser PARSER =
            JsonFormat.parser().ignoringUnknownFields().usingTypeRegistry(EnvoyTypes.registry());

    /**
     * A resource.
     *
     * @param warming whether it waits for what it needs (a secret, endpoints), so that it is not in force yet
     */
    public record Entry(Message message, boolean warming) {}

    /** The words for one type in a dump: a list of entries, states within an entry, the resource in those. */
    private record Words(ResourceType type, String list, List<String> states, String resource, Message form) {}

    private static final SortedMap<String, Entry> NONE = Collections.emptySortedMap();
    private static final String WARMING = "warming";

    private static final List<Words> WORDS = List.of(
            new Words(
                    ResourceType.CLUSTER,
                    "dynamic_active_clusters",
                    List.of(),
                    "cluster",
                    Cluster.getDefaultInstance()),
            // What warms takes the place of what is in force.
            new Words(
                    ResourceType.CLUSTER,
                    "dynamic_warming_clusters",
                    List.of(),
                    "cluster",
                    Cluster.getDefaultInstance()),
            new Words(
                    ResourceType.LISTENER,
                    "dynamic_listeners",
                    List.of("warming_state", "active_state"),
                    "listener",
                    Listener.getDefaultInstance()),
            new Words(
                    ResourceType.ROUTE,
                    "dynamic_route_configs",
                    List.of(),
                    "route_config",
                    RouteConfiguration.getDefaultInstance()),
            new Words(
                    ResourceType.ENDPOINT,
                    "dynamic_endpoint_configs",
                    List.of(),
                    "endpoint_config",
                    ClusterLoadAssignment.getDefaultInstance()),
            new Words(
                    ResourceType.EXTENSION,
                    "ecds_filters",
                    List.of(),
                    "ecds_filter",
                    TypedExtensionConfig.getDefaultInstance()));

    public ConfigDump {
        Map<ResourceType, SortedMap<String, Entry>> all = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            all.put(type, Collections.unmodifiableSortedMap(new TreeMap<>(resources.getOrDefault(type, NONE))));
        }
        resources = Collections.unmodifiableMap(all);
    }

    /** What a proxy is told. */
    public static ConfigDump of(EnvoyResources told) {
        Map<ResourceType, SortedMap<String, Entry>> all = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            told.of(type).forEach(message -> put(all, type, new Entry(message, false)));
        }
        return new ConfigDump(all);
    }

    /**
     * Reads a dump: names of fields as in protobuf files (Envoy's own) or in JSON's form (Pilot's page).
     *
     * @throws InvalidProtocolBufferException where the text is no dump, or a resource in it cannot be read
     */
    public static ConfigDump parse(String json) throws InvalidProtocolBufferException {
        Struct.Builder all = Struct.newBuilder();
        JsonFormat.parser().merge(json, all);
        if (!all.containsFields("configs")) {
            throw new InvalidProtocolBufferException("no configuration dump: it has no \"configs\"");
        }
        Map<ResourceType, SortedMap<String, Entry>> found = new EnumMap<>(ResourceType.class);
        for (Value part : all.getFieldsOrThrow("configs").getListValue().getValuesList()) {
            for (Words words : WORDS) {
                for (Value entry : field(part.getStructValue(), words.list())
                        .getListValue()
                        .getValuesList()) {
                    read(words, entry.getStructValue(), found);
                }
            }
        }
        return new ConfigDump(found);
    }

    private static void read(Words words, Struct entry, Map<ResourceType, SortedMap<String, Entry>> into)
            throws InvalidProtocolBufferException {
        String state = words.states().stream()
                .filter(each -> field(entry, each).hasStructValue())
                .findFirst()
                .orElse("");
        Struct holder = state.isEmpty() ? entry : field(entry, state).getStructValue();
        Value packed = field(holder, words.resource());
        // A listener that Envoy refused, or that drains, has a state and no resource in force.
        if (packed.hasStructValue()) {
            Message.Builder message = words.form().newBuilderForType();
            PARSER.merge(
                    JsonFormat.printer()
                            .omittingInsignificantWhitespace()
                            .print(packed.getStructValue().toBuilder().removeFields("@type")),
                    message);
            boolean warming = state.startsWith(WARMING) || words.list().contains(WARMING);
            put(into, words.type(), new Entry(message.build(), warming));
        }
    }

    private static void put(Map<ResourceType, SortedMap<String, Entry>> into, ResourceType type, Entry entry) {
        into.computeIfAbsent(type, each -> new TreeMap<>()).put(EnvoyResources.name(entry.message()), entry);
    }

    /** Those of one type, by name. */
    SortedMap<String, Entry> of(ResourceType type) {
        return Objects.requireNonNull(resources.get(type));
    }

    private static Value field(Struct struct, String name) {
        Value snake = struct.getFieldsOrDefault(name, Value.getDefaultInstance());
        return snake.getKindCase() != Value.KindCase.KIND_NOT_SET
                ? snake
                : struct.getFieldsOrDefault(jsonName(name), Value.getDefaultInstance());
    }

    /** The JSON name of a field: "route_config" is "routeConfig". */
    public static String jsonName(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_", -1)) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }
}
