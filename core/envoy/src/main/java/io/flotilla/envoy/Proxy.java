package io.flotilla.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One Envoy, as its node tells: the id "ROLE~IP~POD.NAMESPACE~DOMAIN" and Istio's metadata keys.
 *
 * @param id       the node's id as sent
 * @param role     first part of the id
 * @param pod      what runs beside it
 * @param locality "region/zone/subzone", may be empty
 * @param capture  how it gets its connections
 * @param revision of the control plane that it asks for, may be empty
 * @param metadata what else its node tells, as far as it is text
 */
public record Proxy(
        String id,
        Role role,
        Pod pod,
        String locality,
        Capture capture,
        String revision,
        Map<String, String> metadata) {
    private static final int ID_PARTS = 4;
    // Without namespaces a pod has 127.44.x.y, and its application listens on the same host part of 127.45.
    private static final String PROXY_NET = "127.44.";
    private static final String APPLICATION_NET = "127.45.";

    public Proxy {
        metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    public enum Role {
        SIDECAR,
        ROUTER,
        /** None at all: the application's gRPC library asks for itself (Istio's node metadata GENERATOR is "grpc"). */
        PROXYLESS
    }

    /**
     * The workload that a proxy stands for.
     *
     * @param address        from the id
     * @param serviceAccount empty where the node does not tell
     * @param labels         sorted
     */
    public record Pod(
            String name,
            String namespace,
            String serviceAccount,
            String address,
            String network,
            Map<String, String> labels) {
        public Pod {
            labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }

    /** What reading a node gives. */
    public sealed interface Parsed {
        record Accepted(Proxy proxy) implements Parsed {}

        /** The stream is refused; the message names the part of the node and its value. */
        record Refused(String message) implements Parsed {}
    }

    /** Reads a node; one without a proper id is refused. */
    public static Parsed parse(Node node) {
        List<String> parts = List.of(node.getId().split("~", -1));
        if (parts.size() != ID_PARTS) {
            return new Parsed.Refused("node id \"" + node.getId() + "\" must be ROLE~IP~POD.NAMESPACE~DOMAIN");
        }
        Role role;
        switch (parts.get(0)) {
            case "sidecar" ->
                role = text(node.getMetadata(), "GENERATOR").equals("grpc") ? Role.PROXYLESS : Role.SIDECAR;
            case "router" -> role = Role.ROUTER;
            default -> {
                return new Parsed.Refused(
                        "node id \"" + node.getId() + "\": role \"" + parts.get(0) + "\" must be sidecar or router");
            }
        }
        String name = parts.get(2);
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            return new Parsed.Refused("node id \"" + node.getId() + "\": \"" + name + "\" must be POD.NAMESPACE");
        }
        return new Parsed.Accepted(of(node, role, parts.get(1), name.substring(0, dot), name.substring(dot + 1)));
    }

    private static Proxy of(Node node, Role role, String address, String name, String namespace) {
        Struct metadata = node.getMetadata();
        Map<String, String> labels = new TreeMap<>();
        metadata.getFieldsOrDefault("LABELS", Value.getDefaultInstance())
                .getStructValue()
                .getFieldsMap()
                .forEach((label, value) -> labels.put(label, value.getStringValue()));
        Pod pod =
                new Pod(name, namespace, text(metadata, "SERVICE_ACCOUNT"), address, text(metadata, "NETWORK"), labels);
        boolean explicit = text(metadata, "INTERCEPTION_MODE").equals("NONE");
        Capture capture = explicit
                ? new Capture.Explicit(address, application(address))
                : new Capture.Redirect(Families.of(addresses(address, metadata)));
        return new Proxy(
                node.getId(),
                role,
                pod,
                locality(node.getLocality()),
                capture,
                text(metadata, "REVISION"),
                texts(metadata));
    }

    // The id has the first of a pod's addresses; INSTANCE_IPS has all of them, where somebody tells.
    private static List<String> addresses(String address, Struct metadata) {
        List<String> all = new ArrayList<>();
        all.add(address);
        Stream.of(text(metadata, "INSTANCE_IPS").split(",", -1))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .forEach(all::add);
        return all;
    }

    private static String application(String address) {
        return address.startsWith(PROXY_NET) ? APPLICATION_NET + address.substring(PROXY_NET.length()) : "127.0.0.1";
    }

    private static Map<String, String> texts(Struct metadata) {
        Map<String, String> texts = new TreeMap<>();
        metadata.getFieldsMap().forEach((key, value) -> {
            if (value.hasStringValue()) {
                texts.put(key, value.getStringValue());
            }
        });
        return texts;
    }

    private static String text(Struct metadata, String key) {
        return metadata.getFieldsOrDefault(key, Value.getDefaultInstance()).getStringValue();
    }

    private static String locality(Locality locality) {
        return Stream.of(locality.getRegion(), locality.getZone(), locality.getSubZone())
                .takeWhile(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }
}
