package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A row for each endpoint of each cluster, as istioctl has them; a cluster without any has one row that says so. */
final class EndpointTable {
    private static final String NONE = "-";

    private EndpointTable() {}

    /** @param resources entries of a dump's EndpointsConfigDump */
    static Table of(List<JsonNode> resources) {
        Table table = new Table("NAME", "ENDPOINT", "STATUS");
        for (JsonNode resource : resources) {
            String name = ConfigDumps.name(resource);
            List<JsonNode> endpoints = ConfigDumps.body(resource)
                    .path("endpoints")
                    .valueStream()
                    .flatMap(locality ->
                            ConfigDumps.field(locality, "lb_endpoints").valueStream())
                    .toList();
            if (endpoints.isEmpty()) {
                table.row(name, NONE, NONE);
            }
            endpoints.forEach(each -> table.row(name, address(each), status(each)));
        }
        return table;
    }

    private static String address(JsonNode endpoint) {
        JsonNode address = endpoint.path("endpoint").path("address");
        JsonNode socket = ConfigDumps.field(address, "socket_address");
        if (!socket.isMissingNode()) {
            return socket.path("address").asText() + ":"
                    + ConfigDumps.field(socket, "port_value").asText();
        }
        String pipe = address.path("pipe").path("path").asText();
        return pipe.isEmpty() ? NONE : pipe;
    }

    // Left out where nobody asks how it is, which counts as healthy.
    private static String status(JsonNode endpoint) {
        String status = ConfigDumps.field(endpoint, "health_status").asText();
        return status.isEmpty() || status.equals("UNKNOWN") ? "HEALTHY" : status;
    }
}
