package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.config.model.EntryAnnotations;
import io.flotilla.config.snapshot.Protocols;
import io.flotilla.config.validate.Addresses;
import io.flotilla.config.validate.Names;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A service of Consul as a ServiceEntry (host NAME.service.consul) that selects one WorkloadEntry per instance. Pure:
 * the same catalog gives the same documents.
 */
final class ConsulObjects {
    /** On entries: which service they are an instance of. */
    static final String SERVICE = "flotilla.io/consul-service";

    private static final String API = "networking.istio.io/v1";
    private static final String DOMAIN = ".service.consul";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String namespace;

    ConsulObjects(String namespace) {
        this.namespace = namespace;
    }

    /** Document names to text; none where the service has no instance with a port, or its name can be no host. */
    SortedMap<String, String> of(String service, Collection<ConsulInstance> all) {
        SortedMap<String, String> documents = new TreeMap<>();
        String host = service.toLowerCase(Locale.ROOT) + DOMAIN;
        List<ConsulInstance> instances = all.stream()
                .filter(instance -> instance.port() > 0)
                .sorted(Comparator.comparing(ConsulInstance::id))
                .toList();
        if (instances.isEmpty() || !Names.isHost(host)) {
            return documents;
        }
        String name = ConsulNames.label(service);
        String protocol = first(instances, "protocol").toLowerCase(Locale.ROOT);
        String port = Names.isLabel(protocol) && Protocols.parse(protocol).isPresent() ? protocol : "tcp";
        documents.put("consul/" + name, entry(name, host, port, instances).toString());
        for (ConsulInstance instance : instances) {
            String own = name + "-" + ConsulNames.hash(instance.id());
            documents.put(
                    "consul/" + name + "/" + own,
                    workload(own, name, port, instance).toString());
        }
        return documents;
    }

    private ObjectNode entry(String name, String host, String port, List<ConsulInstance> instances) {
        ObjectNode object = object("ServiceEntry", "consul-" + name);
        ObjectNode spec = object.putObject("spec");
        spec.putArray("hosts").add(host);
        boolean external = !first(instances, "external").isEmpty();
        boolean named = instances.stream().anyMatch(instance -> !Addresses.isIp(instance.address()));
        spec.put("location", external ? "MESH_EXTERNAL" : "MESH_INTERNAL");
        spec.put("resolution", named ? "DNS" : "STATIC");
        spec.putArray("ports")
                .addObject()
                .put("number", port(instances))
                .put("name", port)
                .put("protocol", port.toUpperCase(Locale.ROOT));
        spec.putObject("workloadSelector").putObject("labels").put(SERVICE, name);
        return object;
    }

    /** What callers use: what the service says, else what most instances listen on, of several the lowest. */
    private static int port(List<ConsulInstance> instances) {
        String said = first(instances, "service-port");
        if (said.matches("[1-9][0-9]{0,4}") && Integer.parseInt(said) <= 65_535) {
            return Integer.parseInt(said);
        }
        Map<Integer, Long> counts =
                instances.stream().collect(Collectors.groupingBy(ConsulInstance::port, Collectors.counting()));
        return counts.entrySet().stream()
                .min(Map.Entry.<Integer, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private ObjectNode workload(String name, String service, String port, ConsulInstance instance) {
        ObjectNode object = object("WorkloadEntry", name);
        ((ObjectNode) object.path("metadata"))
                .putObject("annotations")
                .put(EntryAnnotations.HEALTHY, Boolean.toString(instance.passing()))
                .put("flotilla.io/consul-id", instance.id());
        ObjectNode spec = object.putObject("spec");
        spec.put("address", instance.address());
        spec.putObject("ports").put(port, instance.port());
        ObjectNode labels = spec.putObject("labels");
        instance.labels().forEach(labels::put);
        labels.put(SERVICE, service);
        spec.put("locality", instance.datacenter());
        put(spec, "network", instance, "network");
        put(spec, "serviceAccount", instance, "service-account");
        if (instance.weight() != 1) {
            spec.put("weight", instance.weight());
        }
        return object;
    }

    private static void put(ObjectNode spec, String field, ConsulInstance instance, String meta) {
        String value = instance.meta().getOrDefault(meta, "");
        if (!value.isEmpty()) {
            spec.put(field, value);
        }
    }

    private ObjectNode object(String kind, String name) {
        ObjectNode object = JSON.createObjectNode().put("apiVersion", API).put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", namespace);
        return object;
    }

    /** The first instance that says something has it. */
    private static String first(List<ConsulInstance> instances, String meta) {
        Function<ConsulInstance, String> said = instance -> instance.meta().getOrDefault(meta, "");
        return instances.stream()
                .map(said)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }
}
