package io.flotilla.bookinfo.guestbook;

import io.flotilla.bookinfo.http.ForwardedHeaders;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Reply;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;
import io.flotilla.bookinfo.productpage.Html;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page: what was written, and a form. Who writes is greeted from then on: the name is kept under the session's number,
 * so that every replica of the page knows it. What cannot be had is said in its place.
 */
public final class GuestbookPage implements Handler {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String COOKIE = "guestbook";
    private static final Pattern SESSION = Pattern.compile("[0-9a-f-]{36}");

    private final Backends backends;

    public GuestbookPage(Backends backends) {
        this.backends = backends;
    }

    @Override
    public Response answer(Request request) {
        return switch (request.path()) {
            case "/" -> page(request);
            case "/greet" -> written(request);
            case "/health" -> Response.text(200, "Guestbook UI is healthy");
            default -> Response.error(404, "no such page");
        };
    }

    private Response page(Request request) {
        String greeting = "";
        String problem = "";
        try {
            Optional<String> session = session(request);
            Optional<String> name =
                    session.isPresent() ? backends.sessions().get("session:" + session.get()) : Optional.empty();
            greeting = name.map(who -> greeting(who, request)).orElse("");
        } catch (IOException e) {
            problem = unavailable("Sessions", e.toString());
        }
        return Response.html(
                """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Guestbook</title></head>
                <body>
                <h1>Guestbook</h1>
                %s%s
                <form method="post" action="greet">
                <input name="name" placeholder="Your name" maxlength="%d" required>
                <input name="message" placeholder="Your message" maxlength="%d" required>
                <button>Write</button>
                </form>
                <ul>
                %s</ul>
                </body></html>
                """.formatted(greeting, problem, GuestbookService.LONGEST, GuestbookService.LONGEST, entries(request)));
    }

    private String greeting(String name, Request request) {
        String path =
                "/hello/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        Reply reply = backends.greeting().get(path, ForwardedHeaders.of(request), PATIENCE);
        return shown(
                reply,
                "Greeting",
                json -> json.member("greeting")
                        .map(text -> "<p>" + Html.escaped(text.plain()) + "</p>")
                        .orElse(""));
    }

    private String entries(Request request) {
        Reply reply = backends.guestbook().get("/api/messages", ForwardedHeaders.of(request), PATIENCE);
        return shown(
                reply,
                "Guestbook",
                json -> json.member("messages").map(Json::items).orElse(List.of()).stream()
                        .map(entry -> "<li>" + member(entry, "name") + ": " + member(entry, "message") + "</li>\n")
                        .collect(Collectors.joining()));
    }

    private static String member(Json entry, String name) {
        return Html.escaped(entry.member(name).map(Json::plain).orElse(""));
    }

    private static String shown(Reply reply, String what, Function<Json, String> html) {
        return switch (reply) {
            case Reply.Answer(int status, String body)
            when status == 200 -> Json.parse(body).map(html).orElseGet(() -> unavailable(what, "no JSON"));
            case Reply.Answer(int status, String body) -> unavailable(what, "status " + status);
            case Reply.Unreachable(String reason) -> unavailable(what, reason);
        };
    }

    private static String unavailable(String what, String reason) {
        System.err.println(what + " unavailable: " + reason);
        return "<p class=\"problem\">" + what + " unavailable: " + Html.escaped(reason) + "</p>";
    }

    private Response written(Request request) {
        if (!request.method().equals("POST")) {
            return Response.error(405, "POST").with("Allow", "POST");
        }
        String name = request.field("name").orElse("").strip();
        String message = request.field("message").orElse("").strip();
        Json entry = Json.object("name", Json.of(name)).with("message", Json.of(message));
        Reply reply = backends.guestbook().post("/api/messages", ForwardedHeaders.of(request), PATIENCE, entry);
        if (!(reply instanceof Reply.Answer(int status, String body) && status == 201)) {
            int code = reply instanceof Reply.Answer(int status, String body) ? status : 503;
            return Response.error(code, "the entry was not stored: " + reply);
        }
        String session = session(request).orElseGet(() -> UUID.randomUUID().toString());
        try {
            backends.sessions().set("session:" + session, name);
        } catch (IOException e) {
            System.err.println("no session: " + e.getMessage());
        }
        return Response.redirect("./").with("Set-Cookie", COOKIE + "=" + session + "; Path=/; HttpOnly; SameSite=Lax");
    }

    private static Optional<String> session(Request request) {
        return request.cookie(COOKIE).filter(text -> SESSION.matcher(text).matches());
    }
}
