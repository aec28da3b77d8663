package io.flotilla.galley.consul;

import io.flotilla.config.validate.Names;
import java.util.Locale;

/** Names of Consul, which may have any letters, as names of objects and labels. */
final class ConsulNames {
    private static final int MAX = 50;

    private ConsulNames() {}

    /** A DNS label that stands for this name alone: another than the name itself ends with its hash. */
    static String label(String name) {
        if (name.length() <= MAX && Names.isLabel(name)) {
            return name;
        }
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(plain.length(), MAX - 9)).replaceAll("^-+|-+$", "");
        return (cut.isEmpty() ? "x" : cut) + "-" + hash(name);
    }

    /** Eight hexadecimal digits. */
    static String hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return String.format("%08x", (int) (hash ^ hash >>> 32));
    }
}
