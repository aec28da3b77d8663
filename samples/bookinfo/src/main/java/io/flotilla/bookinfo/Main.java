package io.flotilla.bookinfo;

import io.flotilla.bookinfo.details.Details;
import io.flotilla.bookinfo.guestbook.Greeting;
import io.flotilla.bookinfo.guestbook.GuestbookPage;
import io.flotilla.bookinfo.guestbook.GuestbookService;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Running;
import io.flotilla.bookinfo.http.WebServer;
import io.flotilla.bookinfo.mysql.MySqlServer;
import io.flotilla.bookinfo.productpage.ProductPage;
import io.flotilla.bookinfo.ratings.Ratings;
import io.flotilla.bookinfo.redis.RedisServer;
import io.flotilla.bookinfo.reviews.Reviews;
import io.flotilla.bookinfo.socket.SocketServer;
import io.flotilla.bookinfo.testapp.Echo;
import io.flotilla.bookinfo.testapp.HelloWorld;
import io.flotilla.bookinfo.testapp.TcpServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs one role: {@code java -jar JAR ROLE [PORT] [PREFIX]}. */
public final class Main {
    private static final String ROLES =
            "productpage, details, reviews, ratings, guestbook-ui, guestbook-service, helloworld-service, mysql, redis,"
                    + " helloworld, echo, tcp-greeter, tcp-echo, sleep";

    private Main() {}

    public static void main(String[] args) {
        if (args.length == 0) {
            fail("usage: ROLE [PORT] [PREFIX], where ROLE is one of " + ROLES);
            return;
        }
        try {
            Settings settings = Settings.of(System.getenv());
            Running running = start(args[0], List.of(args).subList(1, args.length), settings);
            stopOnSignal(args[0], running, settings);
        } catch (IOException | IllegalArgumentException e) {
            fail(args[0] + ": " + e.getMessage());
        }
    }

    /** Starts a role and returns what runs; nothing runs for {@code sleep}. */
    static @Nullable Running start(String role, List<String> arguments, Settings settings) throws IOException {
        return switch (role) {
            case "productpage" -> web(settings, arguments, 9080, new ProductPage(settings.services()));
            case "details" -> web(settings, arguments, 9080, new Details());
            case "reviews" -> web(settings, arguments, 9080, reviews(settings));
            case "ratings" -> web(settings, arguments, 9080, new Ratings());
            case "guestbook-ui" -> web(settings, arguments, 8080, new GuestbookPage(settings.backends()));
            case "guestbook-service" -> web(settings, arguments, 8080, new GuestbookService(settings.database()));
            case "helloworld-service" -> web(settings, arguments, 8080, new Greeting(settings.instance()));
            case "mysql" ->
                SocketServer.start(settings.address(arguments, 3306), new MySqlServer(settings.databasePassword()));
            case "redis" -> SocketServer.start(settings.address(arguments, 6379), new RedisServer());
            case "helloworld" -> web(settings, arguments, 5000, new HelloWorld(settings.instance()));
            case "echo" -> web(settings, arguments, 8080, new Echo(settings.instance(), settings.status()));
            case "tcp-greeter" -> TcpServer.start(settings.address(arguments, 3306), "220 hello\n", "");
            case "tcp-echo" ->
                TcpServer.start(
                        settings.address(arguments, 9000), "", arguments.size() > 1 ? arguments.get(1) + " " : "");
            case "sleep" -> null;
            default -> throw new IllegalArgumentException("no such role; there are " + ROLES);
        };
    }

    private static Reviews reviews(Settings settings) {
        return new Reviews(
                settings.instance(), settings.stars(), settings.services().ratings());
    }

    private static Running web(Settings settings, List<String> arguments, int port, Handler handler)
            throws IOException {
        return WebServer.start(settings.address(arguments, port), handler);
    }

    /** Returns only in tests of the command line: the process ends in the shutdown hook, with exit code 0. */
    private static void stopOnSignal(String role, @Nullable Running running, Settings settings) {
        System.out.println(role + (running == null ? " waits" : " listens on port " + running.port()));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (running != null) {
                running.drain(settings.drain());
            }
            System.out.println(role + " stopped");
            // A signal would give exit code 143, which reads as a failure where there was none.
            Runtime.getRuntime().halt(0);
        }));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(2);
    }
}
