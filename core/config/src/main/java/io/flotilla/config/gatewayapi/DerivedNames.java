package io.flotilla.config.gatewayapi;

import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.ObjectKey;
import java.util.Map;

/** Names of derived objects: the same parts always give the same name. */
final class DerivedNames {
    private static final String PREFIX = "k8s-gateway";
    private static final int MAX_NAME = 253;
    private static final int MAX_KEPT = 200;

    private DerivedNames() {}

    /** "k8s-gateway.PART.PART"; of a name that is too long the end is a hash. */
    static String of(String... parts) {
        StringBuilder name = new StringBuilder(PREFIX);
        for (String part : parts) {
            name.append('.').append(part.replace("*", "wildcard"));
        }
        if (name.length() <= MAX_NAME) {
            return name.toString();
        }
        String hash = ContentVersion.of(
                com.google.protobuf.Struct.getDefaultInstance(), Map.of(), Map.of("name", name.toString()));
        return name.substring(0, MAX_KEPT).replaceAll("[-.]+$", "") + "." + hash;
    }

    /** A host as the last part of a name; "all" for every host. */
    static String host(String host) {
        return host.equals("*") ? "all" : host;
    }

    /** How the derived objects of a Gateway name themselves to VirtualServices. */
    static String reference(ObjectKey gateway, String name) {
        return gateway.namespace() + "/" + name;
    }
}
