package io.flotilla.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.Attempt.Request;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import io.flotilla.policy.Verdict.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final int HTTP = 8080;
    private static final int TCP = 3306;
    private static final int ANY = 7000;
    private static final Guarded CART = new Guarded("shop", "cart", Map.of("app", "cart"));

    private final MeshFolder folder = folder();

    private static MeshFolder folder() {
        try (InputStream in = Objects.requireNonNull(DeciderTest.class.getResourceAsStream("/shop.yaml"))) {
            MeshFolder folder =
                    MeshFolder.read(Map.of("shop.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
            return folder;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Verdict decide(int port, Attempt attempt) {
        return Decider.decide(Protection.of(folder.snapshot(), CART, port), attempt);
    }

    private static Caller caller(String namespace, String account) {
        return Caller.of("spiffe://cluster.local/ns/" + namespace + "/sa/" + account, "10.0.0.1");
    }

    private static Attempt ask(Caller caller, String method, String path) {
        return Attempt.request(caller, Request.of(method, "cart.shop", path));
    }

    private static String by(Verdict verdict) {
        return verdict.deciding().flatMap(Finding::by).map(Object::toString).orElse("");
    }

    @Test
    void aRuleThatPermitsIsNamed() {
        Verdict verdict = decide(HTTP, ask(caller("web", "ui"), "GET", "/"));
        assertThat(verdict.answer()).isEqualTo(Answer.ALLOWED);
        assertThat(by(verdict)).isEqualTo("AuthorizationPolicy shop/permit spec.rules[0]");
    }

    @Test
    void withoutSuchARuleItIsRefused() {
        Verdict verdict = decide(HTTP, ask(caller("web", "ui"), "POST", "/"));
        assertThat(verdict.answer()).isEqualTo(Answer.DENIED);
        assertThat(verdict.status()).isEqualTo(403);
        assertThat(by(verdict)).isEqualTo("AuthorizationPolicy shop/permit");
    }

    @Test
    void whatRefusesComesFirstHoweverThePathIsWritten() {
        for (String path : List.of("/admin", "/x/../admin", "/x/%2e%2E/admin?a=b", "/.\\admin", "/admin/")) {
            Verdict verdict = decide(HTTP, ask(caller("web", "ui"), "GET", path));
            assertThat(verdict.answer()).as(path).isEqualTo(Answer.DENIED);
            assertThat(by(verdict)).as(path).isEqualTo("AuthorizationPolicy shop/refuse spec.rules[0]");
        }
        assertThat(decide(HTTP, ask(caller("web", "ui"), "GET", "/Admin")).answer())
                .isEqualTo(Answer.ALLOWED);
        assertThat(decide(HTTP, ask(caller("web", "ui"), "GET", "/#/admin")).status())
                .isEqualTo(400);
    }

    @Test
    void plaintextIsRefusedWhereStrict() {
        Verdict verdict = decide(TCP, Attempt.connection(Caller.plain("10.0.0.1")));
        assertThat(verdict.answer()).isEqualTo(Answer.DENIED);
        assertThat(verdict.status()).isZero();
        assertThat(by(verdict)).isEqualTo("PeerAuthentication shop/default spec.mtls");
        Verdict permissive = decide(HTTP, ask(Caller.plain("10.0.0.1"), "GET", "/"));
        assertThat(permissive.findings().getFirst().effect()).isEqualTo(Effect.PASSED);
        assertThat(permissive.findings().getFirst().by().orElseThrow())
                .hasToString("PeerAuthentication shop/cart spec.portLevelMtls.8080");
    }

    @Test
    void connectionsMatchNoRuleThatAsksForRequests() {
        assertThat(decide(TCP, Attempt.connection(caller("shop", "worker"))).answer())
                .as("a rule without anything of requests, but DENY loses its path and so refuses")
                .isEqualTo(Answer.DENIED);
        assertThat(by(decide(TCP, ask(caller("shop", "worker"), "GET", "/"))))
                .as("a request to a port of connections is one")
                .isEqualTo("AuthorizationPolicy shop/refuse spec.rules[0]");
        assertThat(by(decide(TCP, Attempt.connection(caller("ops", "root")))))
                .isEqualTo("AuthorizationPolicy shop/permit");
    }

    @Test
    void whoeverCanChooseConnectionsDoesNotGetAroundAnAuthorizer() {
        Verdict verdict = decide(ANY, Attempt.connection(caller("ops", "root")));
        assertThat(verdict.answer()).isEqualTo(Answer.DENIED);
        assertThat(by(verdict)).isEqualTo("AuthorizationPolicy shop/ask spec.rules[0]");
        assertThat(decide(ANY, ask(caller("shop", "worker"), "GET", "/paid")).answer())
                .isEqualTo(Answer.DEPENDS);
    }

    @Test
    void anAuthorizerIsAskedUnlessOthersRefuse() {
        assertThat(decide(HTTP, ask(caller("web", "ui"), "GET", "/paid")).answer())
                .isEqualTo(Answer.DEPENDS);
        assertThat(decide(HTTP, ask(caller("web", "ui"), "PUT", "/paid")).answer())
                .isEqualTo(Answer.DENIED);
    }

    @Test
    void dryRunsAreTold() {
        Verdict verdict = decide(HTTP, ask(caller("web", "ui"), "GET", "/old"));
        assertThat(verdict.answer()).isEqualTo(Answer.ALLOWED);
        assertThat(verdict.findings()).anySatisfy(finding -> {
            assertThat(finding.stage()).isEqualTo(Stage.DENY);
            assertThat(finding.effect()).isEqualTo(Effect.NOTED);
        });
    }

    @Test
    void theRevokedAreRefused() {
        Verdict verdict = decide(HTTP, ask(caller("web", "lost"), "GET", "/"));
        assertThat(verdict.answer()).isEqualTo(Answer.DENIED);
        assertThat(by(verdict)).isEqualTo("Revocation lost");
    }

    @Test
    void tokensAreJudgedByTheirRules() {
        assertThat(token("https://users.example.com", "shop", "staff").answer()).isEqualTo(Answer.ALLOWED);
        assertThat(token("https://users.example.com", "shop", "guests").status())
                .isEqualTo(403);
        assertThat(by(token("https://users.example.com", "other", "staff")))
                .isEqualTo("RequestAuthentication shop/users spec.jwtRules[0]");
        assertThat(token("https://users.example.com", "other", "staff").status())
                .isEqualTo(403);
        assertThat(token("https://nobody.example.com", "shop", "staff").status())
                .isEqualTo(401);
        assertThat(decide(HTTP, with(new Token.Bad("expired"))).status()).isEqualTo(401);
    }

    private Verdict token(String issuer, String audience, String group) {
        return decide(
                HTTP,
                with(new Token.Genuine(Struct.newBuilder()
                        .putFields("iss", text(issuer))
                        .putFields("sub", text("jane"))
                        .putFields("aud", text(audience))
                        .putFields(
                                "groups",
                                Value.newBuilder()
                                        .setListValue(ListValue.newBuilder().addValues(text(group)))
                                        .build())
                        .build())));
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Attempt with(Token token) {
        return new Attempt(
                Caller.plain("10.0.0.1"),
                Attempt.Target.UNKNOWN,
                Optional.of(new Request("POST", "cart.shop", "/", Map.of(), token)));
    }
}
