package io.flotilla.envoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Workbench;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every kind of client before every mode of a server: real handshakes with a real Envoy. The table of
 * docs/authentication.md is what this test saw (-Dgolden.update=true writes it).
 */
class PeerMatrixTest {
    private static final Path ROOT = Path.of(System.getProperty("flotilla.root"));
    private static final Path PAGE = ROOT.resolve("docs/authentication.md");
    private static final Path FOLDER = ROOT.resolve("core/envoy/src/test/resources/authz");
    private static final String MEMBER = "spiffe://cluster.local/ns/default/sa/client";
    private static final String REVOKED = "spiffe://cluster.local/ns/default/sa/revoked";

    private enum Client {
        PLAIN("plaintext"),
        MEMBER("a member of the mesh"),
        ALIAS("one under another name of the trust domain"),
        ALLIED("one of a trust domain that caCertificates name"),
        EXPIRED("its certificate has ended"),
        EARLY("its certificate has not begun"),
        FOREIGN("another trust domain, the same root"),
        REVOKED("its identity is revoked"),
        LISTED("its certificate is on the list of revoked ones"),
        OTHER_ROOT("the same name from another root"),
        ALLIED_FORGER("the same name from the root of a trust domain that caCertificates name"),
        FORGED_ALLY("one of a trust domain that caCertificates name, from the mesh's own root"),
        NAMELESS("mesh TLS without a certificate"),
        OWN_TLS("TLS of the application's own");

        private final String words;

        Client(String words) {
            this.words = words;
        }

        private List<String> alpn(boolean http) {
            if (this == OWN_TLS) {
                return List.of("http/1.1");
            }
            return http ? MeshTls.offerHttp() : MeshTls.offerTcp();
        }
    }

    /** What the server accepts, and by which level of policies. */
    private enum Server {
        STRICT("STRICT", "istio-system", "mtls: {mode: STRICT}"),
        PERMISSIVE("PERMISSIVE", "default", "mtls: {mode: PERMISSIVE}"),
        DISABLE("DISABLE", "default", "selector: {matchLabels: {app: server}}, mtls: {mode: DISABLE}"),
        PORT_STRICT("port STRICT", "default", ports("PERMISSIVE", "STRICT")),
        PORT_PERMISSIVE("port PERMISSIVE", "default", ports("STRICT", "PERMISSIVE")),
        PORT_DISABLE("port DISABLE", "default", ports("STRICT", "DISABLE"));

        private final String words;
        private final String namespace;
        private final String spec;

        Server(String words, String namespace, String spec) {
            this.words = words;
            this.namespace = namespace;
            this.spec = spec;
        }

        private static String ports(String mode, String port) {
            return ("selector: {matchLabels: {app: server}}, mtls: {mode: %1$s},"
                            + " portLevelMtls: {8080: {mode: %2$s}, 8082: {mode: %2$s}}")
                    .formatted(mode, port);
        }

        private MeshSnapshot mesh() {
            return MeshFiles.of(
                    """
                    apiVersion: security.istio.io/v1
                    kind: PeerAuthentication
                    metadata: {name: modes, namespace: %s}
                    spec: {%s}
                    ---
                    apiVersion: security.flotilla.io/v1
                    kind: Revocation
                    metadata: {name: one}
                    spec: {identity: "%s"}
                    ---
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: istio, namespace: istio-system}
                    data:
                      mesh: |
                        trustDomainAliases: [old.example]
                        caCertificates: [{pem: "%s", trustDomains: [allied.example]}]
                    """.formatted(
                                    namespace,
                                    spec,
                                    PeerMatrixTest.REVOKED,
                                    ALLY.rootPem().replace("\n", "\\n")),
                    FOLDER.resolve("server.yaml"),
                    FOLDER.resolve("connections.yaml"));
        }
    }

    private static final Keys ALLY = new Keys();

    private final Keys keys = new Keys().believing("allied.example", ALLY);
    private final Map<Client, Keys.Pair> pairs = pairs(keys);

    private static Map<Client, Keys.Pair> pairs(Keys keys) {
        Instant now = Instant.now();
        Map<Client, Keys.Pair> pairs = new EnumMap<>(Client.class);
        pairs.put(Client.MEMBER, keys.issue(List.of(MEMBER), List.of()));
        pairs.put(Client.ALIAS, keys.issue(List.of("spiffe://old.example/ns/default/sa/client"), List.of()));
        String ally = "spiffe://allied.example/ns/default/sa/client";
        pairs.put(Client.ALLIED, ALLY.issue(List.of(ally), List.of()));
        pairs.put(Client.ALLIED_FORGER, ALLY.issue(List.of(MEMBER), List.of()));
        pairs.put(Client.FORGED_ALLY, keys.issue(List.of(ally), List.of()));
        pairs.put(
                Client.EXPIRED,
                keys.issue(
                        List.of(MEMBER),
                        List.of(),
                        new CertificateTemplate.Validity(now.minusSeconds(3_600), now.minusSeconds(60))));
        pairs.put(
                Client.EARLY,
                keys.issue(
                        List.of(MEMBER),
                        List.of(),
                        new CertificateTemplate.Validity(now.plusSeconds(3_600), now.plusSeconds(7_200))));
        // A domain that begins like the mesh's is another one.
        pairs.put(
                Client.FOREIGN, keys.issue(List.of("spiffe://cluster.local.example/ns/default/sa/client"), List.of()));
        pairs.put(Client.REVOKED, keys.issue(List.of(REVOKED), List.of()));
        pairs.put(Client.LISTED, keys.issue(List.of(MEMBER), List.of()));
        pairs.put(Client.OTHER_ROOT, new Keys().issue(List.of(MEMBER), List.of()));
        keys.takeBack(pairs.get(Client.LISTED));
        return pairs;
    }

    @Test
    void whoGetsIn() throws IOException {
        Map<Server, Map<Client, String>> http = new EnumMap<>(Server.class);
        Map<Server, Map<Client, String>> tcp = new EnumMap<>(Server.class);
        for (Server server : Server.values()) {
            try (Workbench bench = Workbench.start(server.mesh(), Proxies.sidecar("server", "v1"), keys)) {
                for (Client client : Client.values()) {
                    http.computeIfAbsent(server, any -> new EnumMap<>(Client.class))
                            .put(client, outcome(bench, client, true));
                    tcp.computeIfAbsent(server, any -> new EnumMap<>(Client.class))
                            .put(client, outcome(bench, client, false));
                }
            }
        }
        String seen = table("Requests", http) + "\n" + table("Connections", tcp);
        System.out.println(seen);
        String page = Files.readString(PAGE);
        String begin = "<!-- the table of PeerMatrixTest -->\n";
        String end = "<!-- its end -->";
        int from = page.indexOf(begin) + begin.length();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page.substring(0, from) + seen + page.substring(page.indexOf(end)));
        } else {
            assertThat(seen).isEqualTo(page.substring(from, page.indexOf(end)));
        }
    }

    /** What a client gets: "as itself", "as anybody", "its own TLS", "refused", or a status. */
    private String outcome(Workbench bench, Client client, boolean http) throws IOException {
        int port = http ? 8080 : 8082;
        App app = bench.apps().at("127.0.0.1", port);
        int before = app.connections() + app.requests().size();
        String outcome = "refused";
        try (Socket socket = bench.accept(new Call.To("10.44.0.9", port, "", "10.44.0.7"))) {
            socket.setSoTimeout(60_000);
            outcome = client == Client.PLAIN
                    ? exchange(socket, http, "as anybody")
                    : exchangeOverTls(socket, pairs.get(client), client.alpn(http), http);
        } catch (IOException e) {
            // No answer: refused.
        }
        // Over TCP the proxy connects before the handshake is over; nothing passes until it is.
        if (http) {
            assertThat(app.connections() + app.requests().size() > before)
                    .as(client + ": " + outcome)
                    .isEqualTo(outcome.startsWith("as ") || outcome.startsWith("its "));
        }
        return outcome;
    }

    private static String exchangeOverTls(Socket socket, Keys.@Nullable Pair own, List<String> alpn, boolean http)
            throws IOException {
        try (SSLSocket tls = Stranger.tls(socket, own, alpn)) {
            X509Certificate server = (X509Certificate) tls.getSession().getPeerCertificates()[0];
            // Applications of the workbench are nobody of the mesh, but the proxy is.
            boolean proxy = !Certificates.uris(server).toString().contains("/sa/outside");
            return exchange(tls, http, proxy ? "as itself" : "its own TLS");
        }
    }

    private static String exchange(Socket socket, boolean http, String whenAnswered) throws IOException {
        socket.getOutputStream()
                .write((http ? "GET / HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n" : "hello\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4_096];
        int length = socket.getInputStream().read(answer);
        String text = length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
        if (!http) {
            return text.contains("heard hello") ? whenAnswered : "refused";
        }
        String status = text.startsWith("HTTP/1.1 ") ? text.substring(9, 12) : "refused";
        return status.equals("200") ? whenAnswered : status;
    }

    private static String table(String title, Map<Server, Map<Client, String>> outcomes) {
        StringBuilder text = new StringBuilder("| ").append(title);
        outcomes.keySet().forEach(server -> text.append(" | ").append(server.words));
        text.append(" |\n|").append(" --- |".repeat(outcomes.size() + 1)).append("\n");
        for (Client client : Client.values()) {
            text.append("| ").append(client.words);
            outcomes.values().forEach(row -> text.append(" | ").append(row.get(client)));
            text.append(" |\n");
        }
        return text.toString();
    }
}
