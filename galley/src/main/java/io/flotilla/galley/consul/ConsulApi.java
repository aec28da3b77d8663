package io.flotilla.galley.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.MeshTls;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Consul's HTTP API. For several threads at once. */
final class ConsulApi implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Consul answers late by up to a sixteenth of the time that it was given, so that not all return at once. */
    private static final int SPREAD = 16;

    private static final Duration SLACK = Duration.ofSeconds(10);

    private final HttpClient http;
    private final String address;
    private final Optional<String> datacenter;
    private final Optional<Path> tokenFile;
    private final ObjectMapper json = new ObjectMapper();

    ConsulApi(String address, Optional<String> datacenter, Optional<Path> tokenFile, Optional<Path> caFile) {
        this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.datacenter = datacenter;
        this.tokenFile = tokenFile;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        caFile.ifPresent(file -> builder.sslContext(tls(file)));
        this.http = builder.build();
    }

    private static SSLContext tls(Path caFile) {
        try {
            List<X509Certificate> roots = Certificates.parse(Files.readString(caFile))
                    .orElseThrow(() -> new IllegalStateException(
                            "flotilla.consul.ca-file " + caFile + " holds no PEM certificates"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {MeshTls.trust(roots)}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("flotilla.consul.ca-file cannot be read: " + e.getMessage(), e);
        }
    }

    /** An answer, and how far it has seen. */
    record Page(long index, JsonNode body) {}

    /** Asks; Consul answers once something is newer than the index, or the time is up. Index 0: at once. */
    Page get(String path, CatalogIndex index, Duration blocking) throws ConsulFailure {
        StringBuilder query = new StringBuilder(path).append(path.contains("?") ? '&' : '?');
        query.append("index=").append(index.value());
        query.append("&wait=").append(Math.max(1, blocking.toMillis())).append("ms");
        datacenter.ifPresent(name -> query.append("&dc=").append(encode(name)));
        Duration limit = blocking.plus(blocking.dividedBy(SPREAD)).plus(SLACK);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + query)).timeout(limit);
        try {
            if (tokenFile.isPresent()) {
                request.header(
                        "X-Consul-Token", Files.readString(tokenFile.get()).strip());
            }
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new ConsulFailure(address + path + " answered " + answer.statusCode() + ": "
                        + answer.body().strip());
            }
            long seen = answer.headers()
                    .firstValue("X-Consul-Index")
                    .flatMap(ConsulApi::number)
                    .orElse(0L);
            return new Page(seen, json.readTree(answer.body()));
        } catch (JsonProcessingException e) {
            throw new ConsulFailure(address + path + " answered what is no JSON");
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new ConsulFailure(address + " cannot be reached: " + reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConsulFailure("interrupted");
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
