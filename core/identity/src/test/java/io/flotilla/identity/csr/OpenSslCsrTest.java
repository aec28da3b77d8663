package io.flotilla.identity.csr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flotilla.identity.OpenSsl;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrOutcome.Reason;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.Issuance;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that openssl made, good and hostile: each is read or refused with its reason. */
class OpenSslCsrTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String OWN = "spiffe://cluster.local/ns/default/sa/reviews";
    private static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";

    @TempDir
    static Path folder;

    private static OpenSsl openssl;

    @BeforeAll
    static void configs() {
        openssl = new OpenSsl(folder).requestConfig("bare.cnf");
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments(EC, "sha256", null),
                arguments("ec -pkeyopt ec_paramgen_curve:P-384", "sha384", null),
                arguments("ec -pkeyopt ec_paramgen_curve:P-521", "sha512", null),
                arguments("rsa -pkeyopt rsa_keygen_bits:2048", "sha256", null),
                arguments("rsa -pkeyopt rsa_keygen_bits:3072", "sha384", null),
                arguments("rsa -pkeyopt rsa_keygen_bits:1024", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments("rsa -pkeyopt rsa_keygen_bits:2047", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments("ec -pkeyopt ec_paramgen_curve:P-224", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments("ec -pkeyopt ec_paramgen_curve:secp256k1", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments("ec -pkeyopt ec_paramgen_curve:brainpoolP256r1", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments(EC + " -pkeyopt ec_param_enc:explicit", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments("ed25519", "", Reason.KEY_NOT_ALLOWED),
                arguments("rsa-pss -pkeyopt rsa_keygen_bits:2048", "sha256", Reason.KEY_NOT_ALLOWED),
                arguments(EC, "sha1", Reason.SIGNATURE_NOT_ALLOWED),
                arguments(EC, "sha224", Reason.SIGNATURE_NOT_ALLOWED),
                arguments(EC, "sha3-256", Reason.SIGNATURE_NOT_ALLOWED),
                arguments("rsa -pkeyopt rsa_keygen_bits:2048", "sha1", Reason.SIGNATURE_NOT_ALLOWED),
                arguments("rsa -pkeyopt rsa_keygen_bits:2048", "md5", Reason.SIGNATURE_NOT_ALLOWED));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("keys")
    void aKeyAndAHashAreReadOrRefused(String key, String hash, @Nullable Reason expected) {
        assertThat(reasonOf(request(key, hash, "bare.cnf"))).isEqualTo(expected);
    }

    static Stream<Arguments> extensions() {
        String many = IntStream.range(0, 100).mapToObj(i -> "DNS:a" + i).collect(Collectors.joining(","));
        String few = IntStream.range(0, 40)
                .mapToObj(i -> "1.2.3." + i + " = ASN1:NULL")
                .collect(Collectors.joining("\n"));
        return Stream.of(
                arguments("subjectAltName = URI:" + OWN, null),
                arguments("extendedKeyUsage = codeSigning", null),
                arguments("basicConstraints = CA:FALSE", null),
                arguments("basicConstraints = CA:TRUE", Reason.AUTHORITY_ASKED),
                arguments("basicConstraints = critical,CA:TRUE,pathlen:0", Reason.AUTHORITY_ASKED),
                arguments("keyUsage = digitalSignature", null),
                arguments("keyUsage = keyCertSign", Reason.AUTHORITY_ASKED),
                arguments("keyUsage = critical,digitalSignature,cRLSign", Reason.AUTHORITY_ASKED),
                arguments("basicConstraints = DER:0500", Reason.MALFORMED),
                arguments("subjectAltName = DER:3003820a61", Reason.MALFORMED),
                arguments("subjectAltName = " + many, Reason.MALFORMED),
                arguments(few, Reason.MALFORMED));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("extensions")
    void anExtensionIsReadOrRefused(String extension, @Nullable Reason expected) {
        openssl.requestConfig("ext.cnf", extension);
        assertThat(reasonOf(request(EC, "sha256", "ext.cnf"))).isEqualTo(expected);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("URI:" + OWN, ""),
                arguments("DNS:reviews.default.svc", ""),
                arguments("URI:" + OWN + ",DNS:reviews.default.svc", ""),
                arguments("URI:spiffe://cluster.local/ns/default/sa/ratings", "sa/ratings"),
                arguments("URI:" + OWN + ",URI:spiffe://cluster.local/ns/kube-system/sa/admin", "sa/admin"),
                arguments("URI:spiffe://other.domain/ns/default/sa/reviews", "other.domain"),
                arguments("URI:" + OWN + "/", "sa/reviews/"),
                arguments("URI:SPIFFE://cluster.local/ns/default/sa/reviews", "SPIFFE"),
                arguments("URI:https://example.com", "example.com"),
                arguments("DNS:istio-pilot.istio-system.svc", "istio-pilot"),
                arguments("DNS:*", "*"),
                arguments("DNS:REVIEWS.default.svc", "REVIEWS"),
                arguments("DNS:xn--rviews-dva.default.svc", "xn--"),
                arguments("DER:3019821772657669657773 002E64656661756C742E737663612E62".replace(" ", ""), "reviews?"),
                arguments("IP:127.0.0.1", "IP address"),
                arguments("email:root@localhost", "email"),
                arguments("otherName:1.2.3.4;UTF8:" + OWN, "other name"),
                arguments("RID:1.2.3.4", "name of kind 8"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void aNameIsTheCallersOrRefused(String names, String named) {
        openssl.requestConfig("names.cnf", "subjectAltName = " + names);
        CsrOutcome outcome = CsrReader.read(request(EC, "sha256", "names.cnf"));
        assertThat(outcome).isInstanceOf(CsrOutcome.Read.class);
        Issuance.Decision decision = decide(((CsrOutcome.Read) outcome).request());
        if (named.isEmpty()) {
            assertThat(decision).isInstanceOf(Issuance.Decision.Granted.class);
        } else {
            assertThat(decision).isInstanceOfSatisfying(Issuance.Decision.Refused.class, refused -> {
                assertThat(refused.reason()).isEqualTo(Issuance.Reason.NAME_NOT_THE_CALLERS);
                assertThat(refused.message()).contains(named).doesNotContain("\0");
            });
        }
    }

    @Test
    void theSubjectCountsForNothing() {
        openssl.run("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out csr.pem"
                + " -subj /O=evil/CN=spiffe:%2F%2Fcluster.local%2Fns%2Fkube-system%2Fsa%2Fadmin");
        CsrOutcome.Read read = (CsrOutcome.Read) CsrReader.read(openssl.read("csr.pem"));
        Issuance.Decision.Granted granted = (Issuance.Decision.Granted) decide(read.request());
        assertThat(granted.template().subject().commonName()).isEmpty();
        assertThat(granted.template().uris()).containsExactly(OWN);
    }

    private static Issuance.Decision decide(CertificateRequest request) {
        ServiceAccount account = new ServiceAccount("default", "reviews");
        IssuancePolicy policy = new IssuancePolicy(
                new TrustDomain("cluster.local"),
                new ServerNames(Map.of(account, List.of("reviews.default.svc"))),
                new IssuancePolicy.Lifetimes(Duration.ofHours(24), Duration.ofHours(24)),
                NOW.plus(Duration.ofDays(1)),
                IssuancePolicy.BACKDATE);
        return Issuance.decide(
                new Caller(account, "test"),
                request,
                Duration.ZERO,
                policy,
                new Issuance.Moment(NOW, Certificates.serial(Csrs.RANDOM)));
    }

    private static String request(String key, String hash, String config) {
        openssl.run("genpkey -quiet -algorithm " + key.replaceFirst("^(\\S+) ", "$1 ") + " -out key.pem");
        openssl.run("req -new -key key.pem -config " + config + (hash.isEmpty() ? "" : " -" + hash) + " -out csr.pem");
        return openssl.read("csr.pem");
    }

    private static @Nullable Reason reasonOf(String pem) {
        return switch (CsrReader.read(pem)) {
            case CsrOutcome.Read read -> null;
            case CsrOutcome.Refused refused -> {
                assertThat(refused.message()).isNotBlank();
                yield refused.reason();
            }
        };
    }
}
