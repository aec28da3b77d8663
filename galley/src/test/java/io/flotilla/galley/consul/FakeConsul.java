package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/**
 * Consul's HTTP API as its documentation says: an answer carries the index of what it saw, and a question with an index
 * waits until something is newer or its time is up. Service and check queries share one index, as a server's do.
 */
final class FakeConsul implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<String, Map<String, ObjectNode>> services = new TreeMap<>();
    private long index = 10;
    private boolean broken;
    private String token = "";
    private int asked;

    FakeConsul() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Registers an instance whose check has a status. */
    synchronized FakeConsul put(String service, String id, String address, int port, String status, String... tags) {
        ObjectNode entry = JSON.createObjectNode();
        entry.putObject("Node").put("Node", "node-1").put("Address", "10.0.0.1").put("Datacenter", "dc1");
        ObjectNode told = entry.putObject("Service")
                .put("ID", id)
                .put("Service", service)
                .put("Address", address)
                .put("Port", port);
        ArrayNode list = told.putArray("Tags");
        for (String tag : tags) {
            list.add(tag);
        }
        told.putObject("Meta").put("protocol", "http");
        entry.putArray("Checks")
                .addObject()
                .put("Node", "node-1")
                .put("CheckID", "service:" + id)
                .put("ServiceID", id)
                .put("ServiceName", service)
                .put("Status", status);
        services.computeIfAbsent(service, name -> new TreeMap<>()).put(id, entry);
        return changed();
    }

    /** All of them at once. */
    synchronized FakeConsul remove(String... gone) {
        java.util.List.of(gone).forEach(services::remove);
        return changed();
    }

    synchronized FakeConsul requireToken(String required) {
        token = required;
        return changed();
    }

    /** As a server that lost its log and has an older snapshot. */
    synchronized void restore(long older) {
        index = older;
        notifyAll();
    }

    synchronized void breakDown(boolean down) {
        broken = down;
        notifyAll();
    }

    synchronized int asked() {
        return asked;
    }

    private FakeConsul changed() {
        index++;
        notifyAll();
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            String body;
            long seen;
            synchronized (this) {
                asked++;
                Map<String, String> query = query(exchange.getRequestURI());
                await(Long.parseLong(query.getOrDefault("index", "0")), query.getOrDefault("wait", "1ms"));
                String given = exchange.getRequestHeaders().getFirst("X-Consul-Token");
                if (broken) {
                    status = 500;
                } else if (!token.isEmpty() && !token.equals(given)) {
                    status = 403;
                }
                body = status == 200 ? body(exchange.getRequestURI().getPath()) : "Permission denied";
                seen = index;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Consul-Index", Long.toString(seen));
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void await(long known, String wait) {
        long until = System.nanoTime() + Long.parseLong(wait.replace("ms", "")) * 1_000_000;
        try {
            while (known != 0 && index == known && !broken && System.nanoTime() < until) {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String body(String path) {
        if (path.equals("/v1/catalog/services")) {
            ObjectNode all = JSON.createObjectNode();
            all.putArray("consul");
            services.keySet().forEach(all::putArray);
            return all.toString();
        }
        ArrayNode list = JSON.createArrayNode();
        if (path.equals("/v1/health/state/any")) {
            services.values()
                    .forEach(each ->
                            each.values().forEach(entry -> entry.path("Checks").forEach(list::add)));
        } else {
            services.getOrDefault(path.substring("/v1/health/service/".length()), Map.of())
                    .values()
                    .forEach(list::add);
        }
        return list.toString();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new TreeMap<>();
        for (String part : uri.getQuery().split("&", -1)) {
            query.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
