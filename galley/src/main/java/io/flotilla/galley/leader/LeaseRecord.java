package io.flotilla.galley.leader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a Lease (coordination.k8s.io/v1) says.
 *
 * @param holder  who leads; empty: nobody
 * @param epoch   its leaseTransitions: it rises with each new leader
 * @param seconds for which it holds after it was renewed
 * @param renewed when, by the holder's clock: only compared with itself
 * @param version of the object: a write needs the latest
 */
record LeaseRecord(String holder, long epoch, int seconds, String renewed, String version) {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static LeaseRecord of(JsonNode lease) {
        JsonNode spec = lease.path("spec");
        return new LeaseRecord(
                spec.path("holderIdentity").asText(""),
                spec.path("leaseTransitions").asLong(0),
                spec.path("leaseDurationSeconds").asInt(0),
                spec.path("renewTime").asText(""),
                lease.path("metadata").path("resourceVersion").asText(""));
    }

    /** The object to be written in place of this. */
    static ObjectNode json(String name, String namespace, LeaseRecord lease, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        ObjectNode metadata = json.putObject("metadata").put("name", name).put("namespace", namespace);
        if (!lease.version().isEmpty()) {
            metadata.put("resourceVersion", lease.version());
        }
        json.putObject("spec")
                .put("holderIdentity", lease.holder())
                .put("leaseTransitions", lease.epoch())
                .put("leaseDurationSeconds", lease.seconds())
                .put("renewTime", MICROS.format(now));
        return json;
    }
}
