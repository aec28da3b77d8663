package io.flotilla.pilot.world;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An application that answers with its name and the headers that it sees. */
public final class EchoApp implements AutoCloseable {
    private final HttpServer server;

    public EchoApp(String name, String address, int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.createContext("/", exchange -> {
            String headers = new TreeMap<>(exchange.getRequestHeaders())
                    .entrySet().stream()
                            .map(entry -> entry.getKey().toLowerCase(java.util.Locale.ROOT) + "="
                                    + String.join(",", entry.getValue()))
                            .collect(Collectors.joining("\n"));
            byte[] body = (name + "\n" + headers + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
