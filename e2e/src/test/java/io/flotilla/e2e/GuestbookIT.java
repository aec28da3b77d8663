package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** samples/guestbook as a user applies it: pages, a database that speaks first, and Redis, all behind sidecars. */
@OfMeshes
class GuestbookIT {
    private static final int OK = 200;
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Path SAMPLE = Mesh.ROOT.resolve("samples/guestbook");
    private static final Path POLICIES =
            Path.of("src/test/resources/classic/policies.yaml").toAbsolutePath();
    private static final List<String> WORKLOADS =
            List.of("guestbook-ui", "guestbook-service", "helloworld-service", "mysql", "redis");

    private static Mesh mesh;
    private static MeshStatus atFirst;
    private static URI page;

    @BeforeAll
    static void deploy() {
        mesh = Mesh.bookinfo();
        mesh.flotilla(
                        "apply",
                        "-f",
                        SAMPLE.resolve("guestbook.yaml").toString(),
                        "-f",
                        SAMPLE.resolve("guestbook-gateway.yaml").toString())
                .orFail();
        atFirst = mesh.status();
        Eventually.holds(START, () -> "the guestbook is ready: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return WORKLOADS.stream()
                    .allMatch(name -> status.podsOf(name).stream().anyMatch(pod -> pod.ready()));
        });
        page = URI.create("http://127.0.0.1:" + atFirst.port("ingress-http") + "/guestbook/");
    }

    @AfterAll
    static void remove() {
        mesh.flotilla("delete", "peerauthentication", "default");
        mesh.flotilla(
                        "delete",
                        "-f",
                        SAMPLE.resolve("guestbook-gateway.yaml").toString(),
                        "-f",
                        SAMPLE.resolve("guestbook.yaml").toString())
                .orFail();
        Eventually.holds(START, () -> "the guestbook is gone: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return WORKLOADS.stream().allMatch(name -> status.podsOf(name).isEmpty());
        });
    }

    @Test
    void everyPodHasItsApplicationAndItsProxy() {
        MeshStatus status = mesh.status();
        for (String name : WORKLOADS) {
            assertThat(status.pod(name).processes()).as(name).containsOnlyKeys(name, "istio-proxy");
        }
    }

    @Test
    void anEntryIsStoredAndGreeted() {
        awaitAnEntryStoredAndGreeted("Ann");
    }

    @Test
    void aDatabaseThatSpeaksFirstWorksWhateverMutualTlsIs() {
        for (String mode : List.of("PERMISSIVE", "STRICT")) {
            mesh.apply("""
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: default, namespace: default}
                spec: {mtls: {mode: %s}}
                """.formatted(mode));
            awaitAnEntryStoredAndGreeted("in " + mode);
        }
    }

    /** Instructions of Istio 1.1 begin with it, and nothing is lost where there is none. */
    @Test
    void thePolicyOfOldInstructionsMayBeDeleted() {
        Command deleted = mesh.flotilla("delete", "meshpolicies.authentication.istio.io", "default");
        assertThat(deleted.exit()).as(deleted.out() + deleted.err()).isZero();
        assertThat(deleted.out()).contains("meshpolicy.authentication.istio.io/default is not there");
        Command other = mesh.flotilla("delete", "meshpolicies.authentication.istio.io", "other");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(mesh.flotilla("delete", "meshpolicy", "other", "--ignore-not-found")
                        .exit())
                .isZero();
    }

    /** What 1.1's instructions deny and limit with is taken as it is, and who applies it is told that it does nothing. */
    @Test
    void policiesOfMixerAreTakenAndSaidToDoNothing() {
        mesh.apply("""
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: limits, namespace: istio-system}
                spec: {compiledAdapter: memquota, params: {quotas: [{name: requestcount.instance.istio-system, maxAmount: 5}]}}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: requestcount, namespace: istio-system}
                spec: {compiledTemplate: quota, params: {dimensions: {source: source.uid}}}
                """);
        Command applied = mesh.flotilla("apply", "-f", POLICIES.toString());
        try {
            assertThat(applied.exit()).as(applied.out() + applied.err()).isZero();
            assertThat(applied.out()).contains("denier.config.istio.io/denyall", "quotaspec.config.istio.io/count");
            assertThat(applied.err())
                    .containsPattern(
                            "policies.yaml:\\d+: warning: rule default/deny: spec.actions\\[0].handler: .*denier"
                                    + ".*AuthorizationPolicy with action DENY \\[FA0917]")
                    .containsPattern("warning: rule default/deny: spec.actions\\[1].handler: .*memquota")
                    .containsPattern(
                            "warning: QuotaSpec default/count: .*\"RequestCount\".*did you mean \"requestcount\"");
        } finally {
            mesh.flotilla("delete", "-f", POLICIES.toString());
            mesh.flotilla("delete", "handler", "limits", "-n", "istio-system");
            mesh.flotilla("delete", "instance", "requestcount", "-n", "istio-system");
        }
    }

    @Test
    void aServiceThatIsDeniedIsSaidOnThePage() {
        mesh.apply("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: default}
                spec:
                  selector: {matchLabels: {app: guestbook-service}}
                  action: DENY
                  rules: [{}]
                """);
        try (HttpClient browser = browser()) {
            awaitPage(browser, "Guestbook unavailable: status 403");
        } finally {
            mesh.delete("authorizationpolicy", "nobody");
        }
    }

    private static void awaitAnEntryStoredAndGreeted(String name) {
        try (HttpClient browser = browser()) {
            awaitPage(browser, "<form");
            HttpRequest entry = HttpRequest.newBuilder(page.resolve("greet"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("name=" + name.replace(' ', '+') + "&message=was+here"))
                    .build();
            // What was open when a policy changed, to a service or to the database, is good for one more request by the
            // policy of before.
            String[] last = {""};
            Eventually.holds(SETTLE, () -> "the entry is stored and greeted: " + last[0], () -> {
                last[0] = sent(browser, entry);
                return last[0].contains("<li>" + name + ": was here</li>")
                        && last[0].contains("Hello " + name + " from helloworld-service-")
                        && !last[0].contains("unavailable");
            });
        }
    }

    // It follows the redirection to the page, with the session's cookie.
    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    private static void awaitPage(HttpClient browser, String text) {
        String[] last = {""};
        Eventually.holds(SETTLE, () -> "the page has " + text + ": " + last[0], () -> {
            last[0] = sent(browser, HttpRequest.newBuilder(page).build());
            return last[0].contains(text) && (text.contains("unavailable") || !last[0].contains("unavailable"));
        });
    }

    private static String sent(HttpClient browser, HttpRequest request) {
        try {
            HttpResponse<String> answer = browser.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? answer.body() : answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }
}
