package io.flotilla.mixer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** HTTP as a scraper or a prober uses it. */
final class Scrape {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Scrape() {}

    static HttpResponse<String> get(int port, String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build());
    }

    static HttpResponse<String> post(int port, String path, String json) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** The sum of a family's samples whose labels contain a text. */
    static long sum(String exposition, String sample, String labels) {
        return exposition
                .lines()
                .filter(line -> line.startsWith(sample + "{"))
                .filter(line -> line.contains(labels))
                .mapToLong(line -> (long) Double.parseDouble(
                        line.substring(line.lastIndexOf('}') + 1).trim()))
                .sum();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
