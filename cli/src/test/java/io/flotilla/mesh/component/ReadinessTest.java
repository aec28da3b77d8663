package io.flotilla.mesh.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            200 | {"status":"UP","checks":[]}                                                | ``
            503 | {"checks":[{"name":"mesh","status":"DOWN","data":{"galley":"no answer","identity":"ok"}}]} | mesh is down: galley no answer, identity ok
            503 | {"checks":[{"name":"a","status":"UP"},{"name":"signing","status":"DOWN"}]} | signing is down
            503 | {"checks":[{"name":"a","status":"DOWN","data":{"read":false,"x":""}},{"name":"b","status":"DOWN"}]} | a is down: read false; b is down
            503 | <html>                                                                     | not ready, status 503
            404 | {}                                                                         | not ready, status 404
            """)
    void whatAHealthAnswerSaysIsMissing(int status, String body, String missing) {
        assertThat(Readiness.missing(Optional.of(new Http.Answer(status, body)), 15_014))
                .isEqualTo(missing);
    }

    @Test
    void aServiceIsAskedOverHttp() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = "{\"checks\":[{\"name\":\"mesh\",\"status\":\"DOWN\"}]}".getBytes(StandardCharsets.UTF_8);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        assertThat(Readiness.missing(port)).isEqualTo("mesh is down");
        server.stop(0);
        assertThat(Readiness.missing(port)).isEqualTo("nobody answers on port " + port);
    }
}
