package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.citadel.backend.LocalBackend;
import io.flotilla.citadel.sign.Gate;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.limit.IssueLimits;
import io.flotilla.identity.limit.TokenBucket;
import io.flotilla.identity.revocation.RevocationSet;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountSecretsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final String SHOP = "/api/v1/namespaces/shop/";
    private static final String SECRET = SHOP + "secrets/istio.cart";

    @TempDir
    Path credentials;

    private final List<AccountSecrets.Event> events = new ArrayList<>();
    private Instant now = Instant.now();
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final Authority root = authority();
    private final LocalBackend backend = new LocalBackend("test", SigningSlot.ofRoot(root), RANDOM);

    private FakeApiServer server;
    private AccountSecrets secrets;
    private int signed;

    private static Authority authority() {
        return Authority.selfSigned(DOMAIN, Instant.now().minusSeconds(60), Duration.ofDays(9), RANDOM);
    }

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer(credentials, "shop");
        put("serviceaccounts/cart", object("cart", ""));
        secrets = new AccountSecrets(server.api(), List.of("*"), signer(), clock, events::add);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Signer signer() {
        TokenBucket.Rate many = new TokenBucket.Rate(1000, 1000);
        return new Signer(
                backend,
                new IssuancePolicy(
                        DOMAIN,
                        new ServerNames(Map.of()),
                        new IssuancePolicy.Lifetimes(Duration.ofDays(1), Duration.ofDays(1)),
                        root.notAfter(),
                        IssuancePolicy.BACKDATE),
                KeyKind.EC_P256,
                new Signer.Sources(clock, RANDOM, SerialSource.random(RANDOM)),
                new Signer.Watch(
                        new Gate(() -> RevocationSet.NOTHING, new IssueLimits(many, many, clock.instant())),
                        (caller, id, outcome) -> signed++));
    }

    private void put(String path, Struct object) {
        server.objects.put(SHOP + path, object);
    }

    private static Struct object(String name, String type) {
        return Struct.newBuilder()
                .putFields("type", Json.text(type))
                .putFields("metadata", Json.object(Json.texts(Map.of("name", name, "namespace", "shop"))))
                .build();
    }

    /** As the API server does, which knows the namespace of what is made below it. */
    private void pass() throws IOException {
        server.onCreate = made -> Json.textAt(made, "metadata", "namespace").isEmpty() ? inShop(made) : made;
        assertThat(secrets.publish()).isEmpty();
    }

    private static Struct inShop(Struct made) {
        Struct metadata = made.getFieldsOrThrow("metadata").getStructValue().toBuilder()
                .putFields("namespace", Json.text("shop"))
                .build();
        return made.toBuilder().putFields("metadata", Json.object(metadata)).build();
    }

    private String file(String name) {
        Struct secret = server.objects.getOrDefault(SECRET, Struct.getDefaultInstance());
        return Json.decoded(Json.textAt(secret, "data", name));
    }

    @Test
    void isMadeBesideItsAccountAndLeftAloneWhileItIsGood() throws IOException {
        pass();
        var chain = Certificates.parse(file("cert-chain.pem")).orElseThrow();
        assertThat(Certificates.uris(chain.getFirst())).containsExactly("spiffe://cluster.local/ns/shop/sa/cart");
        assertThat(file("key.pem")).contains("PRIVATE KEY");
        assertThat(file("root-cert.pem")).isEqualTo(root.certificatePem());
        server.writes.clear();
        pass();
        now = now.plus(Duration.ofHours(10));
        pass();
        assertThat(server.writes).isEmpty();
        assertThat(events).containsExactly(AccountSecrets.Event.ACCOUNT_CREATED);
    }

    @Test
    void isMadeAgainWhenItIsDueRemovedOrDamaged() throws IOException {
        pass();
        String first = file("cert-chain.pem");
        now = now.plus(Duration.ofHours(14));
        pass();
        String second = file("cert-chain.pem");
        assertThat(second).isNotEqualTo(first);
        server.objects.remove(SECRET);
        pass();
        String third = file("cert-chain.pem");
        assertThat(third).isNotIn("", first, second);
        String key = Json.textAt(server.objects.getOrDefault(SECRET, Struct.getDefaultInstance()), "data", "key.pem");
        put("secrets/istio.cart", damaged("key.pem"));
        pass();
        assertThat(file("key.pem")).contains("PRIVATE KEY");
        assertThat(key).isNotEqualTo(file("key.pem"));
        assertThat(events).containsExactly(AccountSecrets.Event.ACCOUNT_CREATED, AccountSecrets.Event.SECRET_DELETED);
    }

    private Struct damaged(String file) {
        Struct secret = server.objects.getOrDefault(SECRET, Struct.getDefaultInstance());
        Struct data = secret.getFieldsOrThrow("data").getStructValue().toBuilder()
                .putFields(file, Json.text("eA=="))
                .build();
        return secret.toBuilder().putFields("data", Json.object(data)).build();
    }

    @Test
    void followsEachStepOfARotation() throws IOException {
        pass();
        Authority next = authority();
        var both = List.of(root.certificate(), next.certificate());
        backend.use(SigningSlot.ofRoot(root).believing(both));
        pass();
        assertThat(file("root-cert.pem")).isEqualTo(Certificates.pem(both));
        String byTheOld = file("cert-chain.pem");
        backend.use(SigningSlot.ofRoot(next).believing(both));
        pass();
        assertThat(file("cert-chain.pem")).isNotEqualTo(byTheOld);
        String byTheNew = file("cert-chain.pem");
        backend.use(SigningSlot.ofRoot(next).believing(both));
        pass();
        assertThat(file("cert-chain.pem")).isEqualTo(byTheNew);
    }

    @Test
    void goesWithItsAccountAndNothingElseGoes() throws IOException {
        pass();
        put("secrets/istio.theirs", object("istio.theirs", AccountSecrets.TYPE));
        put("secrets/plain", object("plain", "Opaque"));
        server.objects.remove(SHOP + "serviceaccounts/cart");
        pass();
        assertThat(server.paths("secrets")).containsExactly(SHOP + "secrets/istio.theirs", SHOP + "secrets/plain");
        assertThat(events).endsWith(AccountSecrets.Event.ACCOUNT_DELETED);
    }

    @Test
    void aSecretOfAnotherKindInItsPlaceIsNamed() throws IOException {
        put("secrets/istio.cart", object("istio.cart", "Opaque"));
        assertThat(secrets.publish()).singleElement().asString().contains("shop/cart", "is of type Opaque");
        assertThat(secrets.publish()).hasSize(1);
        assertThat(signed).as("signed for a place that is not ours").isZero();

        put("secrets/istio.cart", object("istio.cart", AccountSecrets.TYPE));
        assertThat(secrets.publish()).singleElement().asString().contains("is somebody else's");
        assertThat(signed).isZero();

        server.objects.remove(SECRET);
        pass();
        assertThat(signed).isEqualTo(1);
        assertThat(file("key.pem")).contains("PRIVATE KEY");
    }
}
