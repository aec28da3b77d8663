package io.flotilla.cli;

import io.flotilla.config.validate.Addresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What registering a VM means: one WorkloadEntry, and a ServiceEntry where the mesh knows no service of that name.
 * Objects are trees, as YAML has them. Pure.
 */
final class Registrar {
    /** On what this command made: the service's name. */
    static final String REGISTERED = "flotilla.io/registered";

    private static final String API = "networking.istio.io/v1";
    private static final Map<Integer, String> USUAL_NAMES =
            Map.of(80, "http", 443, "https", 3306, "mysql", 8080, "http", 9080, "http", 9090, "http", 9443, "https");

    private final String service;
    private final String namespace;

    Registrar(String service, String namespace) {
        this.service = service;
        this.namespace = namespace;
    }

    /** "[NAME:]PORT" each, name to number; a port without name has the usual one for its number, else its number. */
    static SortedMap<String, Integer> ports(List<String> words) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            String digits = word.substring(colon + 1);
            int number = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
            if (number < 1 || number > 65_535) {
                throw CommandFailure.couldNotRun(
                        "\"" + word + "\" is no port; write PORT or NAME:PORT with a number from 1 to 65535");
            }
            String name = colon > 0 ? word.substring(0, colon) : USUAL_NAMES.getOrDefault(number, "tcp-" + number);
            Integer before = ports.putIfAbsent(name, number);
            if (before != null && before != number) {
                throw CommandFailure.couldNotRun(
                        "two ports are named \"" + name + "\" (" + before + " and " + number + "); write NAME:PORT");
            }
        }
        return ports;
    }

    /** "KEY=VALUE", several by comma. */
    static SortedMap<String, String> pairs(List<String> words, String option) {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (String word : words) {
            for (String pair : word.split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw CommandFailure.couldNotRun(option + " \"" + pair + "\" is no KEY=VALUE");
                }
                pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return pairs;
    }

    /** The entry's name: of the service and the address. */
    String entryName(String address) {
        String plain =
                address.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return service + "-" + plain;
    }

    /**
     * The VM.
     *
     * @param existing the Service of that name, whose selector must choose the VM
     */
    Map<String, Object> entry(
            String address, Map<String, Integer> ports, VmOptions options, Optional<Map<String, Object>> existing) {
        if (!Addresses.isIp(address)) {
            throw CommandFailure.couldNotRun("\"" + address + "\" is no IP address");
        }
        Map<String, Object> labels = new TreeMap<>(options.labels());
        existing.ifPresent(found -> labels.putAll(selector(found)));
        labels.put(REGISTERED, service);
        Map<String, Object> object = object("WorkloadEntry", entryName(address));
        Map<String, Object> metadata = metadata(object);
        metadata.put("labels", Map.of(REGISTERED, service));
        if (!options.annotations().isEmpty()) {
            metadata.put("annotations", new TreeMap<String, Object>(options.annotations()));
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("address", address);
        spec.put("ports", new TreeMap<String, Object>(ports));
        spec.put("labels", labels);
        spec.put("serviceAccount", options.serviceAccount());
        object.put("spec", spec);
        return object;
    }

    private Map<String, Object> selector(Map<String, Object> existing) {
        Object selector = map(existing.get("spec")).get("selector");
        if (map(selector).isEmpty()) {
            throw CommandFailure.no("service " + service + " in namespace " + namespace + " has no selector, so no"
                    + " WorkloadEntry can belong to it; give it one, or register under another name");
        }
        return map(selector);
    }

    /**
     * The service, where no other makes it.
     *
     * @param before the ServiceEntry that an earlier registration made, whose ports stay
     */
    Map<String, Object> serviceEntry(String host, Map<String, Integer> ports, Optional<Map<String, Object>> before) {
        Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
        before.ifPresent(found -> list(map(found.get("spec")).get("ports"))
                .forEach(port -> byName.put(String.valueOf(port.get("name")), port)));
        ports.forEach((name, number) -> byName.computeIfAbsent(name, added -> port(name, number)));
        Map<String, Object> object = object("ServiceEntry", service);
        metadata(object).put("labels", Map.of(REGISTERED, service));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("hosts", List.of(host));
        spec.put("location", "MESH_INTERNAL");
        spec.put("resolution", "STATIC");
        spec.put("ports", new ArrayList<>(byName.values()));
        spec.put("workloadSelector", Map.of("labels", Map.of(REGISTERED, service)));
        object.put("spec", spec);
        return object;
    }

    private static Map<String, Object> port(String name, int number) {
        Map<String, Object> port = new LinkedHashMap<>();
        String prefix = name.contains("-") ? name.substring(0, name.indexOf('-')) : name;
        boolean known = io.flotilla.config.snapshot.Protocols.parse(prefix).isPresent();
        port.put("number", number);
        port.put("name", name);
        port.put("protocol", known ? prefix.toUpperCase(Locale.ROOT) : "TCP");
        return port;
    }

    private Map<String, Object> object(String kind, String name) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", API);
        object.put("kind", kind);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("namespace", namespace);
        object.put("metadata", metadata);
        return object;
    }

    private static Map<String, Object> metadata(Map<String, Object> object) {
        return map(object.get("metadata"));
    }

    /** This command made it. */
    static boolean isOurs(Map<String, Object> object) {
        return map(map(object.get("metadata")).get("labels")).containsKey(REGISTERED);
    }

    @SuppressWarnings("unchecked") // trees of YAML have texts as keys
    private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<Map<String, Object>> list(@org.jspecify.annotations.Nullable Object node) {
        return node instanceof List<?> list ? list.stream().map(Registrar::map).toList() : List.of();
    }

    /**
     * What is told of a VM.
     *
     * @param labels         for subsets and policies
     * @param serviceAccount its identity
     */
    record VmOptions(Map<String, String> labels, Map<String, String> annotations, String serviceAccount) {}
}
