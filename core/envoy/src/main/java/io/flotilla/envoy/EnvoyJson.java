package io.flotilla.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Resources as protobuf JSON. */
public final class EnvoyJson {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().usingTypeRegistry(EnvoyTypes.registry());

    private EnvoyJson() {}

    /**
     * What a proxy is told, as one object: "listeners", "routes", "clusters", "endpoints", "extensions", and the names of the "secrets"
     * that they refer to.
     */
    public static String of(EnvoyResources resources) {
        List<Secret> secrets = SecretNames.of(resources).stream()
                .map(name -> Secret.newBuilder().setName(name).build())
                .toList();
        List<String> parts = new ArrayList<>();
        parts.add(array("listeners", resources.listeners()));
        parts.add(array("routes", resources.routes()));
        parts.add(array("clusters", resources.clusters()));
        parts.add(array("endpoints", resources.endpoints()));
        parts.add(array("extensions", resources.extensions()));
        parts.add(array("secrets", secrets));
        return "{\n" + String.join(",\n", parts) + "\n}\n";
    }

    /** One resource. */
    public static String of(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a packed type is missing in EnvoyTypes", e);
        }
    }

    private static String array(String name, List<? extends Message> messages) {
        return messages.stream().map(EnvoyJson::of).collect(Collectors.joining(",\n", "\"" + name + "\": [", "]"));
    }
}
