package io.flotilla.bookinfo;

import io.flotilla.bookinfo.details.Details;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Running;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.http.WebServer;
import io.flotilla.bookinfo.productpage.ProductPage;
import io.flotilla.bookinfo.ratings.Ratings;
import io.flotilla.bookinfo.reviews.Reviews;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All four services on loopback ports, each telling what it was asked. */
final class Shop implements AutoCloseable {
    private static final Instance INSTANCE = new Instance("reviews-0", "null", "v1");

    final Queue<Request> detailsAsked = new ConcurrentLinkedQueue<>();
    final Queue<Request> reviewsAsked = new ConcurrentLinkedQueue<>();
    final Queue<Request> ratingsAsked = new ConcurrentLinkedQueue<>();
    private final Deque<Running> servers = new ArrayDeque<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final int page;

    private Shop(Stars stars, Handler ratingsHandler) throws IOException {
        Upstream ratings = serve(ratingsAsked, ratingsHandler);
        Upstream details = serve(detailsAsked, new Details());
        Upstream reviews = serve(reviewsAsked, new Reviews(INSTANCE, stars, ratings));
        page = serve(new ConcurrentLinkedQueue<>(), new ProductPage(new Services(details, reviews, ratings)))
                .port();
    }

    static Shop with(Stars stars) throws IOException {
        return new Shop(stars, new Ratings());
    }

    static Shop with(Stars stars, Handler ratings) throws IOException {
        return new Shop(stars, ratings);
    }

    private Upstream serve(Queue<Request> asked, Handler handler) throws IOException {
        WebServer server = WebServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), request -> {
            asked.add(request);
            return handler.answer(request);
        });
        servers.push(server);
        return Upstream.at("127.0.0.1", server.port(), "");
    }

    /** Headers are given as name, value, name, value. */
    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET().build());
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return send(request(path, "Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        servers.forEach(server -> server.drain(Calls.AT_ONCE));
    }
}
