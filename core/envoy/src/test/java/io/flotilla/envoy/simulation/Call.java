package io.flotilla.envoy.simulation;

import java.util.Map;
import java.util.TreeMap;

/**
 * A request of an application, as its proxy meets it.
 *
 * @param address where it connects to
 * @param headers names in lower case
 */
public record Call(String address, int port, String method, String host, String path, Map<String, String> headers) {
    /** A GET to a service's name, connecting to its virtual address. */
    public static Call get(String host, int port, String path) {
        return new Call("10.96.0.1", port, "GET", host, path, Map.of());
    }

    public Call with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Call(address, port, method, host, path, all);
    }

    public Call to(String other) {
        return new Call(other, port, method, host, path, headers);
    }

    public Call method(String other) {
        return new Call(address, port, other, host, path, headers);
    }
}
