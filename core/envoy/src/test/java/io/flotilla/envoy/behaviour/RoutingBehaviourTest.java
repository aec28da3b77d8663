package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VirtualServices: behaviour/routing.yaml. */
class RoutingBehaviourTest {
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        Path folder = Path.of("src/test/resources/behaviour");
        bench = Workbench.start(
                MeshFiles.files(folder.resolve("services.yaml"), folder.resolve("routing.yaml")),
                Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static Call call(String host, String path) {
        return bench.get(host, 80, path);
    }

    @ParameterizedTest
    @CsvSource({
        "uri.test, GET, /exact, '', a-v2",
        "uri.test, GET, /exact?q=1, '', a-v2",
        "uri.test, GET, /exact/more, '', a-v1",
        "uri.test, GET, /prefix, '', a-v2",
        "uri.test, GET, /prefixed/more, '', a-v2",
        "uri.test, GET, /Prefix, '', a-v1",
        "uri.test, GET, /re/42, '', a-v2",
        "uri.test, GET, /re/42/x?y, '', a-v2",
        "uri.test, GET, /re/42/y, '', a-v1",
        "uri.test, GET, /re/, '', a-v1",
        "uri.test, GET, /fOLD/x, '', a-v2",
        "uri.test, GET, /folded, '', a-v2",
        "uri.test, GET, /folded/x, '', a-v1",
        "URI.test, GET, /exact, '', a-v2",
        "uri.test:80, GET, /exact, '', a-v2",
        "parts.test, GET, /method, '', a-v1",
        "parts.test, PUT, /method, '', a-v2",
        "parts.test, DELETE, /method, '', a-v2",
        "one.parts.test, GET, /authority, '', a-v2",
        "two7.parts.test, GET, /authority, '', a-v2",
        "two77.parts.test, GET, /authority, '', a-v1",
        "parts.test, GET, /authority, '', a-v1",
        "parts.test, GET, /scheme, '', a-v2",
        "parts.test, GET, /scheme-https, '', a-v1",
        "parts.test, GET, /headers, x-e=one;x-p=two;x-r=three, a-v2",
        "parts.test, GET, /headers, x-e=one;x-p=two, a-v1",
        "parts.test, GET, /headers, x-e=One;x-p=two;x-r=three, a-v1",
        "parts.test, GET, /headers, x-any=, a-v2",
        "parts.test, GET, /headers, '', a-v1",
        "parts.test, GET, /without, '', a-v2",
        "parts.test, GET, /without, x-no=go, a-v2",
        "parts.test, GET, /without, x-no=stop, a-v1",
        "parts.test, GET, /without, x-never=any, a-v1",
        "parts.test, GET, /query?q=one, '', a-v2",
        "parts.test, GET, /query?q=two, '', a-v1",
        "parts.test, GET, /query?x=1&p=two, '', a-v2",
        "parts.test, GET, /query?r=42, '', a-v2",
        "parts.test, GET, /query?r=42x, '', a-v1",
        "parts.test, GET, /query, '', a-v1",
        "parts.test, GET, /caller, '', a-v2",
        "parts.test, GET, /other-caller, '', a-v1",
        "parts.test, GET, /namespace, '', a-v2",
        "parts.test, GET, /other-namespace, '', a-v1",
        "answers.test, GET, /team/two/x, '', a-v2",
        "answers.test, GET, /team/three, '', a-v1",
        "c, GET, /, '', c-v1",
        "c.default, GET, /, '', c-v1",
        "c.default.svc.cluster.local:80, GET, /, '', c-v1",
    })
    void matches(String host, String method, String path, String headers, String app) throws IOException {
        Call call = call(host, path).method(method);
        for (String header : headers.isEmpty() ? new String[0] : headers.split(";")) {
            String[] parts = header.split("=", -1);
            call = call.with(parts[0], parts[1]);
        }
        Reply reply = bench.checked(call);
        assertThat(reply.app()).as(reply.toString()).startsWith(app);
    }

    @Test
    void matchesThePortThatIsCalled() throws IOException {
        assertThat(bench.checked(bench.get("parts.test", 81, "/port")).app()).startsWith("a-v2");
        assertThat(bench.checked(call("parts.test", "/port")).app()).startsWith("a-v1");
    }

    @Test
    void matchesAreCountedUnderTheirPrefix() throws IOException {
        assertThat(bench.checked(call("uri.test", "/exact")).status()).isEqualTo(200);
        assertThat(bench.checked(call("uri.test", "/prefix")).status()).isEqualTo(200);
        assertThat(bench.admin("/stats?filter=vhost.uri.test.*route"))
                .containsPattern("route\\.counted\\.upstream_rq_total: [1-9]")
                .doesNotContain("route.prefix");
    }

    @ParameterizedTest
    @CsvSource({
        "/redirect, 301, http://other.test/new",
        "/permanent/x?y=1, 308, https://answers.test:8443/permanent/x?y=1",
        "/direct, 418, ''",
        "/nobody, 503, ''",
        "/empty, 503, ''",
        "/unknown, 404, ''",
    })
    void answersItself(String path, int status, String location) throws IOException {
        Reply reply = bench.checked(call("answers.test", path));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.app()).isEmpty();
        assertThat(reply.headers().getOrDefault("location", "")).isEqualTo(location);
        if (status == 418) {
            assertThat(reply.body()).isEqualTo("short");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/old/items?q=1, /items?q=1, inner.test",
        "/old/, /, inner.test",
        "/exactly?q=1, /there?q=1, answers.test",
        "/users/ann/orders/7?q=1, /orders/7/of/ann?q=1, answers.test",
        "/users, /users, answers.test",
    })
    void rewrites(String path, String seen, String host) throws IOException {
        Reply reply = bench.checked(call("answers.test", path));
        assertThat(reply.seenPath()).isEqualTo(seen);
        assertThat(reply.seenHeaders()).containsEntry("host", host);
        if (host.equals("answers.test")) {
            assertThat(reply.seenHeaders()).doesNotContainKey("x-forwarded-host");
        } else {
            assertThat(reply.seenHeaders()).containsEntry("x-forwarded-host", "answers.test");
        }
    }

    @Test
    void changesHeadersOfRequestsAndAnswers() throws IOException {
        App app = bench.apps().named("a-v1").getFirst();
        app.behave(request ->
                new App.Answer(200, java.util.Map.of("x-secret", "s", "x-answer", "app", "x-beside", "app"), 0));
        Reply reply = bench.checked(call("changes.test", "/headers")
                .with("x-set", "old")
                .with("x-add", "one")
                .with("x-gone", "1")
                .with("x-gone-too", "1"));
        app.behave(request -> App.Answer.OK);
        assertThat(reply.seenHeaders())
                .containsEntry("x-set", "new")
                .containsEntry("x-add", "one,more")
                .containsEntry("x-share", "share")
                .containsEntry("host", "set.test")
                .doesNotContainKeys("x-gone", "x-gone-too");
        assertThat(reply.headers()).containsEntry("x-answer", "rule").doesNotContainKey("x-secret");
        assertThat(reply.headers().getOrDefault("x-beside", "").split(","))
                .containsExactlyInAnyOrder("app", "rule", "share");
    }

    @Test
    void mirrorsEveryRequestOrAShareOfThem() throws Exception {
        App mirror = bench.apps().one("c-v1");
        int before = mirror.requests().size();
        assertThat(bench.checked(call("changes.test", "/mirror")).app()).startsWith("a-v1");
        assertThat(Waiting.until(() -> mirror.requests().size(), size -> size > before))
                .isEqualTo(before + 1);
        assertThat(mirror.requests().getLast().headers().get("host")).startsWith("changes.test");
        for (int i = 0; i < 100; i++) {
            bench.send(call("changes.test", "/mirror-half"));
        }
        // Of 100 at a half, fewer than 25 or more than 75 come less than once in a million runs.
        long half = Waiting.until(
                () -> mirror.requests().stream()
                        .filter(request -> request.line().contains("/mirror-half"))
                        .count(),
                count -> count >= 25);
        assertThat(half).isBetween(25L, 75L);
    }

    @Test
    void severalMirrorsGetTheSameRequest() throws Exception {
        assertThat(bench.checked(call("changes.test", "/mirrors")).app()).startsWith("a-v1");
        for (String mirror : java.util.List.of("c-v1", "b-v1")) {
            assertThat(Waiting.until(() -> mirrored(mirror), count -> count > 0))
                    .as(mirror)
                    .isEqualTo(1);
        }
    }

    private static long mirrored(String deployment) {
        return bench.apps().named(deployment).stream()
                .flatMap(app -> app.requests().stream())
                .filter(request -> request.line().equals("GET /mirrors HTTP/1.1"))
                .count();
    }

    @Test
    void answersPreflightsAndMarksAnswersForPagesOfOtherOrigins() throws IOException {
        Call preflight = call("changes.test", "/cors").method("OPTIONS").with("access-control-request-method", "PUT");
        Reply allowed = bench.send(preflight.with("origin", "https://shop.test"));
        assertThat(allowed.app()).isEmpty();
        assertThat(allowed.headers())
                .containsEntry("access-control-allow-origin", "https://shop.test")
                .containsEntry("access-control-allow-methods", "GET,PUT")
                .containsEntry("access-control-allow-headers", "x-mine")
                .containsEntry("access-control-allow-credentials", "true")
                .containsEntry("access-control-max-age", "600");
        Reply actual = bench.checked(call("changes.test", "/cors").with("origin", "https://my.pages.test"));
        assertThat(actual.headers())
                .containsEntry("access-control-allow-origin", "https://my.pages.test")
                .containsEntry("access-control-expose-headers", "x-yours");
        Reply other = bench.checked(call("changes.test", "/cors").with("origin", "https://evil.test"));
        assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void delaysAndAborts() throws IOException {
        Reply delayed = bench.checked(call("troubles.test", "/delay"));
        assertThat(delayed.status()).isEqualTo(200);
        assertThat(delayed.millis()).isGreaterThanOrEqualTo(140);
        assertThat(delayed.logged().flags()).isEqualTo("DI");
        Reply aborted = bench.checked(call("troubles.test", "/abort"));
        assertThat(aborted.status()).isEqualTo(555);
        assertThat(aborted.logged().flags()).isEqualTo("FI");
        Reply both = bench.checked(call("troubles.test", "/both"));
        assertThat(both.status()).isEqualTo(444);
        assertThat(both.millis()).isGreaterThanOrEqualTo(90);
        int failed = 0;
        for (int i = 0; i < 100; i++) {
            failed += bench.send(call("troubles.test", "/sometimes")).status() == 500 ? 1 : 0;
        }
        // Of 100 at 30 percent, fewer than 8 or more than 53 come less than once in a million runs.
        assertThat(failed).isBetween(8, 53);
    }

    @Test
    void splitsByWeight() throws IOException {
        int second = 0;
        for (int i = 0; i < 200; i++) {
            Reply reply = bench.checked(call("weights.test", "/"));
            String version = reply.app().startsWith("a-v2") ? "v2" : "v1";
            assertThat(reply.seenHeaders()).containsEntry("x-for", version);
            assertThat(reply.headers()).containsEntry("x-share", version);
            second += version.equals("v2") ? 1 : 0;
        }
        // Of 200 at a quarter, fewer than 20 or more than 82 come less than once in a million runs.
        assertThat(second).isBetween(20, 82);
    }

    @Test
    void givesUpAfterTheTimeout() throws IOException {
        Held held = new Held();
        behaveB(held);
        Reply reply = bench.checked(call("troubles.test", "/timeout"));
        behaveB(request -> App.Answer.OK);
        held.letGo();
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.millis()).isGreaterThanOrEqualTo(150L);
        assertThat(reply.logged().flags()).isEqualTo("UT");
    }

    @Test
    void triesAgainAsOftenAsTheRuleSays() throws IOException {
        assertThat(failing(2, 500, "/retries").status()).isEqualTo(200);
        Reply exhausted = failing(9, 500, "/retries");
        assertThat(exhausted.status()).isEqualTo(500);
        assertThat(exhausted.logged().attempts()).isEqualTo(4);
        assertThat(exhausted.logged().flags()).isEqualTo("URX");
        assertThat(failing(1, 429, "/codes").status()).isEqualTo(200);
        assertThat(failing(1, 500, "/codes").status()).isEqualTo(500);
        assertThat(failing(1, 500, "/default").logged().attempts()).isEqualTo(1);
        // A connection that ends without an answer may have been served, so the default tries only once.
        assertThat(failing(1, 0, "/default").status()).isEqualTo(503);
    }

    @Test
    void aTryThatTakesTooLongIsTriedAgain() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        Held held = new Held();
        behaveB(request -> tries.incrementAndGet() == 1 ? held.answer(request) : App.Answer.OK);
        Reply reply = bench.checked(call("troubles.test", "/slow-tries"));
        behaveB(request -> App.Answer.OK);
        held.letGo();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.logged().attempts()).isEqualTo(2);
        assertThat(reply.millis()).isGreaterThanOrEqualTo(100L);
    }

    private static Reply failing(int times, int status, String path) throws IOException {
        AtomicInteger tries = new AtomicInteger();
        behaveB(request -> tries.incrementAndGet() <= times ? App.Answer.status(status) : App.Answer.OK);
        Reply reply = bench.checked(call("troubles.test", path));
        behaveB(request -> App.Answer.OK);
        return reply;
    }

    private static void behaveB(App.Behaviour behaviour) {
        bench.apps().named("b-v1").forEach(app -> app.behave(behaviour));
    }
}
