package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Authorizers outside that speak gRPC, asked by a real Envoy about requests and connections. */
class AskedByGrpcTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static final String OTHER = "spiffe://cluster.local/ns/default/sa/other";

    private final OutsideGrpc authorizer = new OutsideGrpc();
    private Workbench bench;

    AskedByGrpcTest() throws IOException {
        bench = Workbench.start(
                MeshFiles.of(
                        "",
                        FOLDER.resolve("server.yaml"),
                        FOLDER.resolve("connections.yaml"),
                        FOLDER.resolve("asked-by-grpc.yaml")),
                Proxies.sidecar("server", "v1"));
    }

    /** Envoy's first question goes over a connection that may not stand yet, which would be an answer of its own. */
    @BeforeEach
    void isThere() throws IOException {
        bench.apps().one("judge").http2(authorizer.port());
        long end = System.nanoTime() + 20_000_000_000L;
        while (get("/asked").status() != 200) {
            assertThat(System.nanoTime()).as("an authorizer that is asked").isLessThan(end);
        }
    }

    @AfterEach
    void close() {
        bench.close();
        authorizer.close();
    }

    private Reply get(String path) throws IOException {
        return bench.receive(Call.get("server", 8080, path), CLIENT);
    }

    private AttributeContext last() {
        return authorizer.asked().getLast().getAttributes();
    }

    @Test
    void itSeesWhatTheApplicationWillGetAndItsWordCounts() throws IOException {
        authorizer.behave(request ->
                request.getAttributes().getRequest().getHttp().getHeadersMap().containsKey("x-good")
                        ? OutsideGrpc.permit()
                        : OutsideGrpc.refuse());
        assertThat(Raw.status(bench, "/asked", "x-good: 1")).isEqualTo(200);
        assertThat(Raw.status(bench, "/asked?q=1")).isEqualTo(403);
        assertThat(Raw.status(bench, "/open/../asked/%2e/x")).isEqualTo(403);
        assertThat(last().getRequest().getHttp().getPath()).isEqualTo("/asked/x");
        for (String[] values : new String[][] {{"x-role: user", "x-role: admin"}, {"x-role: admin", "x-role: user"}}) {
            assertThat(Raw.status(bench, "/asked", values)).isEqualTo(403);
            assertThat(last().getRequest().getHttp().getHeadersOrThrow("x-role"))
                    .as("every value")
                    .contains("user", "admin");
        }
        assertThat(get("/asked").status()).isEqualTo(403);
        assertThat(last().getSource().getPrincipal()).isEqualTo(CLIENT);
        authorizer.behave(request -> OutsideGrpc.refuse());
        assertThat(get("/other").status()).isEqualTo(200);
        assertThat(authorizer.asked()).as("no policy wants it").isEmpty();
    }

    @Test
    void itSaysWhatARefusalLooksLike() throws IOException {
        authorizer.behave(request -> OutsideGrpc.refuse(DeniedHttpResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.PaymentRequired))
                .addHeaders(header("x-price", "7"))
                .addHeaders(header("location", "/pay"))
                .setBody("pay first")
                .build()));
        Reply refused = get("/asked");
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.headers()).containsEntry("x-price", "7").containsEntry("location", "/pay");
        assertThat(refused.body()).isEqualTo("pay first");
        assertThat(refused.logged().details()).contains("ext_authz_denied");
    }

    @Test
    void itChangesWhatTheApplicationGetsAndWhatTheCallerIsTold() throws IOException {
        authorizer.behave(request -> OutsideGrpc.permit().toBuilder()
                .setOkResponse(OkHttpResponse.newBuilder()
                        .addHeaders(header("x-user", "jane"))
                        .addHeadersToRemove("x-secret")
                        .addResponseHeadersToAdd(header("x-checked", "yes")))
                .build());
        Reply reply = bench.receive(
                Call.get("server", 8080, "/asked").with("x-user", "forged").with("x-secret", "s"), CLIENT);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.seenHeaders()).containsEntry("x-user", "jane").doesNotContainKey("x-secret");
        assertThat(reply.headers()).containsEntry("x-checked", "yes");
    }

    @Test
    void whoeverIsSilentRefusesUnlessItMayFailOpen() throws IOException {
        authorizer.behave(request -> null);
        Reply late = get("/timed");
        assertThat(late.status()).as("statusOnError").isEqualTo(503);
        assertThat(late.millis()).isBetween(250L, 8_000L);
        assertThat(get("/lenient").status()).isEqualTo(200);
        authorizer.close();
        assertThat(get("/timed").status()).isEqualTo(503);
        assertThat(get("/asked").status()).as("without statusOnError").isEqualTo(403);
        assertThat(get("/lenient").status()).isEqualTo(200);
        assertThat(bench.stat("http.inbound_0.0.0.0_8080.ext_authz.failure_mode_allowed"))
                .isEqualTo(2);
    }

    @Test
    void itGetsAsMuchOfTheBodyAsItsProviderSays() throws IOException {
        authorizer.behave(request -> {
            AttributeContext.HttpRequest http =
                    request.getAttributes().getRequest().getHttp();
            return (http.getBody() + http.getRawBody().toStringUtf8()).startsWith("good")
                    ? OutsideGrpc.permit()
                    : OutsideGrpc.refuse();
        });
        assertThat(Raw.post(bench, "/partial", "good and long beyond its limit"))
                .startsWith("HTTP/1.1 200");
        assertThat(last().getRequest().getHttp().getBody()).isEqualTo("good and");
        assertThat(last().getRequest().getHttp().getHeadersMap()).containsEntry("x-envoy-auth-partial-body", "true");
        assertThat(Raw.post(bench, "/partial", "bad")).startsWith("HTTP/1.1 403");
        assertThat(Raw.post(bench, "/whole", "good")).startsWith("HTTP/1.1 200");
        assertThat(last().getRequest().getHttp().getRawBody()).isEqualTo(ByteString.copyFromUtf8("good"));
        assertThat(Raw.post(bench, "/whole", "good and long beyond its limit"))
                .as("one that is too long to be judged")
                .startsWith("HTTP/1.1 413");
        assertThat(Raw.post(bench, "/asked", "good")).as("not asked for").startsWith("HTTP/1.1 403");
    }

    @Test
    void ofSeveralPoliciesEachIsAskedOnce() throws IOException {
        authorizer.behave(request -> OutsideGrpc.permit());
        assertThat(get("/both/twice").status()).isEqualTo(200);
        assertThat(authorizer.asked())
                .as("two policies name one provider, a third names another")
                .hasSize(2);
        authorizer.behave(request -> authorizer.asked().size() > 1 ? OutsideGrpc.refuse() : OutsideGrpc.permit());
        assertThat(get("/both").status()).as("one of two refuses").isEqualTo(403);
        assertThat(get("/asked/refused").status())
                .as("who permits cannot undo DENY")
                .isEqualTo(403);
    }

    @Test
    void connectionsAreAskedAboutToo() throws IOException {
        authorizer.behave(
                request -> request.getAttributes().getSource().getPrincipal().equals(CLIENT)
                        ? OutsideGrpc.permit()
                        : OutsideGrpc.refuse());
        assertThat(Line.heard(bench, CLIENT)).contains("heard hello");
        assertThat(last().getSource().getPrincipal()).isEqualTo(CLIENT);
        assertThat(Line.heard(bench, OTHER)).isEmpty();
        authorizer.close();
        assertThat(Line.heard(bench, CLIENT)).as("nobody answers").isEmpty();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }
}
