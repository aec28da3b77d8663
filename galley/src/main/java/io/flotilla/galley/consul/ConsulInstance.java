package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.config.validate.Names;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One instance of a service, as /v1/health/service tells it.
 *
 * @param id         unique in the datacenter: "NODE/SERVICE-ID"
 * @param address    the service's own, else its node's
 * @param meta       of the service
 * @param labels     from tags "key|value" or "key=value", and from meta
 * @param passing    no check is critical
 * @param weight     by its health, at least 1
 */
record ConsulInstance(
        String id,
        String address,
        int port,
        String datacenter,
        SortedMap<String, String> meta,
        SortedMap<String, String> labels,
        boolean passing,
        int weight) {
    /** Empty for what serves no one by itself: no address, or a proxy of Consul's own mesh. */
    static Optional<ConsulInstance> of(JsonNode entry) {
        JsonNode node = entry.path("Node");
        JsonNode service = entry.path("Service");
        String own = service.path("Address").asText();
        String address = own.isEmpty() ? node.path("Address").asText() : own;
        if (address.isEmpty() || !service.path("Kind").asText().isEmpty()) {
            return Optional.empty();
        }
        SortedMap<String, String> meta = new TreeMap<>();
        service.path("Meta")
                .properties()
                .forEach(each -> meta.put(each.getKey(), each.getValue().asText()));
        boolean critical = false;
        boolean warning = false;
        for (JsonNode check : entry.path("Checks")) {
            String status = check.path("Status").asText();
            warning |= status.equals("warning");
            critical |= !status.equals("warning") && !status.equals("passing");
        }
        int weight =
                service.path("Weights").path(warning ? "Warning" : "Passing").asInt(1);
        return Optional.of(new ConsulInstance(
                node.path("Node").asText() + "/" + service.path("ID").asText(),
                address,
                service.path("Port").asInt(),
                node.path("Datacenter").asText(),
                meta,
                labels(service.path("Tags"), meta),
                !critical,
                Math.max(1, weight)));
    }

    private static SortedMap<String, String> labels(JsonNode tags, Map<String, String> meta) {
        SortedMap<String, String> labels = new TreeMap<>();
        meta.forEach((key, value) -> add(labels, key, value));
        for (JsonNode tag : tags) {
            String text = tag.asText();
            int at = text.indexOf('|') >= 0 ? text.indexOf('|') : text.indexOf('=');
            if (at > 0) {
                add(labels, text.substring(0, at), text.substring(at + 1));
            }
        }
        return labels;
    }

    /** What is no label in Kubernetes is none here. */
    private static void add(Map<String, String> labels, String key, String value) {
        if (Names.isQualifiedName(key) && Names.isLabelValue(value)) {
            labels.put(key, value);
        }
    }
}
