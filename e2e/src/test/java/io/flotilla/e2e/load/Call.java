package io.flotilla.e2e.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * A GET to be made.
 *
 * @param host    the address to connect to
 * @param port    the port to connect to
 * @param path    the request target
 * @param headers request headers; Host is taken from the address where it is missing
 */
public record Call(String host, int port, String path, Map<String, String> headers) {
    public Call {
        headers = Map.copyOf(headers);
    }

    public static Call get(String host, int port, String path) {
        return new Call(host, port, path, Map.of());
    }

    public Call with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Call(host, port, path, all);
    }
}
