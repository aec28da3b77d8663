package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.backend.ExternalBackend;
import io.flotilla.citadel.sign.Gate;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.csr.CertificateRequest;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.limit.IssueLimits;
import io.flotilla.identity.limit.TokenBucket;
import io.flotilla.identity.revocation.RevocationSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** cert-manager and the CSR API, with openssl for the signer that knows nothing of us. */
class ExternalBackendTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Caller REVIEWS = new Caller(new ServiceAccount("default", "reviews"), "test");
    private static final String OWN = "spiffe://cluster.local/ns/default/sa/reviews";

    @TempDir
    Path folder;

    private FakeApiServer server;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        server = new FakeApiServer(folder, "default");
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ca.key -out root.pem"
                + " -subj /O=corporate -addext keyUsage=critical,keyCertSign,cRLSign");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void openssl(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(List.of(command.split(" ")));
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** Signs as asked, but with these extensions, as a signer does that has rules of its own. */
    private Struct signed(Struct request, String extensions) {
        try {
            Files.writeString(folder.resolve("x.csr"), Json.decoded(Json.textAt(request, "spec", "request")));
            Files.writeString(folder.resolve("x.ext"), extensions);
            openssl("x509 -req -in x.csr -CA root.pem -CAkey ca.key -days 1 -extfile x.ext -out x.pem");
            String pem = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("x.pem")));
            return request.toBuilder()
                    .putFields("status", Json.object(Json.texts(Map.of("certificate", pem))))
                    .build();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String extensions(String names) {
        return "subjectAltName=critical," + names + "\nkeyUsage=critical,digitalSignature\n"
                + "extendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=critical,CA:FALSE\n";
    }

    private Signer signer(ExternalBackend.Desk desk) {
        return signer(desk, Duration.ofSeconds(2));
    }

    private Signer signer(ExternalBackend.Desk desk, Duration patience) {
        Clock clock = Clock.systemUTC();
        Backend backend = new ExternalBackend(desk, folder.resolve("root.pem"), clock, patience);
        IssuancePolicy policy = new IssuancePolicy(
                new TrustDomain("cluster.local"),
                new ServerNames(Map.of()),
                new IssuancePolicy.Lifetimes(Duration.ofDays(2), Duration.ofDays(2)),
                backend.trust().notAfter(),
                IssuancePolicy.BACKDATE);
        IssueLimits limits = new IssueLimits(new TokenBucket.Rate(9, 9), new TokenBucket.Rate(9, 9), Instant.now());
        return new Signer(
                backend,
                policy,
                KeyKind.EC_P256,
                new Signer.Sources(clock, RANDOM, SerialSource.random(RANDOM)),
                new Signer.Watch(new Gate(() -> RevocationSet.NOTHING, limits), (caller, id, outcome) -> {}));
    }

    private CertManagerDesk certManager() throws IOException {
        return new CertManagerDesk(
                server.api(),
                "istio-system",
                new CertManagerDesk.IssuerName("corporate", "ClusterIssuer", "cert-manager.io"));
    }

    private Signer.Outcome sign(ExternalBackend.Desk desk, Function<Struct, Struct> controller) {
        server.onCreate = controller;
        Signer signer = signer(desk);
        return signer.sign(REVIEWS, signer.keyPair(), false);
    }

    @Test
    void certManagerSignsAndTheRequestIsRemoved() throws IOException {
        List<String> asked = new ArrayList<>();
        server.onCreate = request -> {
            assertThat(Json.textAt(request, "spec", "issuerRef", "kind")).isEqualTo("ClusterIssuer");
            asked.add(Json.textAt(request, "spec", "duration"));
            return signed(request, extensions("URI:" + OWN));
        };
        Signer signer = signer(certManager(), Duration.ofMinutes(30));
        Signer.Outcome outcome = signer.sign(REVIEWS, signer.keyPair(), false);

        // Its certificate may not end later than was decided, however late it signs.
        assertThat(asked)
                .singleElement()
                .extracting(text -> Duration.ofNanos(Long.parseLong(text.replace("ns", ""))))
                .satisfies(life -> assertThat(life)
                        .isBetween(Duration.ofHours(47), Duration.ofHours(48).minusMinutes(30)));
        assertThat(outcome).isInstanceOfSatisfying(Signer.Outcome.Issued.class, issued -> {
            assertThat(Certificates.uris(issued.leaf())).containsExactly(OWN);
            assertThat(issued.chain()).hasSize(1);
        });
        assertThat(server.objects.keySet()).noneMatch(path -> path.contains("certificaterequests"));
    }

    @Test
    void theCsrApiSignsWhatCitadelApproves() throws IOException {
        Signer.Outcome outcome = sign(
                new CsrDesk(server.api(), "example.com/mesh"), request -> signed(request, extensions("URI:" + OWN)));

        assertThat(outcome).isInstanceOf(Signer.Outcome.Issued.class);
        assertThat(server.writes).anyMatch(write -> write.startsWith("patch") && write.endsWith("/approval"));
    }

    @Test
    void aSignerThatDoesNotKeepToWhatWasDecidedGetsNothingOut() throws IOException {
        for (String other : List.of(
                extensions("URI:spiffe://cluster.local/ns/kube-system/sa/admin"),
                extensions("URI:" + OWN + ",DNS:istio-pilot.istio-system.svc"),
                extensions("URI:" + OWN).replace("CA:FALSE", "CA:TRUE"),
                extensions("URI:" + OWN).replace("digitalSignature", "keyCertSign"))) {
            Signer.Outcome outcome = sign(certManager(), request -> signed(request, other));
            assertThat(outcome)
                    .as(other)
                    .isInstanceOfSatisfying(
                            Signer.Outcome.Refused.class,
                            refused -> assertThat(refused.message()).contains("withheld"));
        }
    }

    @Test
    void aDenialIsARefusalAndSilenceIsAnotherTime() throws IOException {
        Struct denied = Json.texts(Map.of("type", "Denied", "status", "True", "message", "not by our policy"));
        Signer.Outcome refused = sign(
                certManager(),
                request -> request.toBuilder()
                        .putFields(
                                "status",
                                Json.object(Struct.newBuilder()
                                        .putFields("conditions", Json.listOf(denied))
                                        .build()))
                        .build());
        assertThat(refused.problem()).contains("not by our policy");
        assertThat(sign(certManager(), request -> request)).isInstanceOf(Signer.Outcome.Unavailable.class);
    }

    @Test
    void aRequestMustAskForItsNamesWhereAnotherTakesThemFromIt() throws IOException {
        Signer signer = signer(certManager());
        Signer.Outcome outcome = signer.sign(
                REVIEWS,
                new Signer.Wish(
                        new CertificateRequest(signer.keyPair().getPublic()), "pem", Duration.ZERO, () -> true, false));
        assertThat(outcome.problem()).contains("must ask for", OWN);
    }
}
