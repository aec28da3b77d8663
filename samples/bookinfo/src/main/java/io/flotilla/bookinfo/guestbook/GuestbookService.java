package io.flotilla.bookinfo.guestbook;

import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;
import io.flotilla.bookinfo.mysql.MySqlClient;
import java.io.IOException;
import java.util.Optional;

/** {@code GET} and {@code POST /api/messages}: what people have written, newest first, kept in a MySQL. */
public final class GuestbookService implements Handler {
    /** Most characters of a name or a message. */
    static final int LONGEST = 500;

    private static final String TABLE = "CREATE TABLE IF NOT EXISTS guestbook"
            + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL)";
    private static final String NEWEST = "SELECT name, message FROM guestbook ORDER BY id DESC LIMIT 100";

    private final MySqlClient database;

    public GuestbookService(MySqlClient database) {
        this.database = database;
    }

    @Override
    public Response answer(Request request) {
        try {
            return switch (request.path()) {
                case "/health" -> Response.text(200, "Guestbook service is healthy");
                case "/api/messages" ->
                    switch (request.method()) {
                        case "GET" -> messages();
                        case "POST" -> added(request);
                        default -> Response.error(405, "GET or POST").with("Allow", "GET, POST");
                    };
                default -> Response.error(404, "no such page");
            };
        } catch (IOException e) {
            System.err.println("no database: " + e.getMessage());
            return Response.error(503, "the database is not available: " + e.getMessage());
        }
    }

    private Response messages() throws IOException {
        return Response.json(
                200,
                Json.object(
                        "messages",
                        Json.array(database.run(TABLE, NEWEST).rows().stream()
                                .<Json>map(row -> Json.object("name", Json.of(row.getFirst()))
                                        .with("message", Json.of(row.getLast())))
                                .toList())));
    }

    private Response added(Request request) throws IOException {
        Optional<Json> body = Json.parse(request.body());
        Optional<String> name = text(body, "name");
        Optional<String> message = text(body, "message");
        if (name.isEmpty() || message.isEmpty()) {
            return Response.error(400, "name and message must be texts of 1 to " + LONGEST + " characters");
        }
        database.run(
                TABLE,
                "INSERT INTO guestbook (name, message) VALUES (" + MySqlClient.quoted(name.get()) + ", "
                        + MySqlClient.quoted(message.get()) + ")");
        return Response.json(201, Json.object("name", Json.of(name.get())).with("message", Json.of(message.get())));
    }

    private static Optional<String> text(Optional<Json> body, String member) {
        return body.flatMap(json -> json.member(member))
                .filter(value -> value instanceof Json.Str)
                .map(Json::plain)
                .filter(text -> !text.isBlank() && text.length() <= LONGEST);
    }
}
