package io.flotilla.galley.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.service.https.NotAReview;
import io.flotilla.service.https.Review;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
    private static final String GOOD = """
            {"apiVersion": "networking.istio.io/v1beta1", "kind": "VirtualService",
             "metadata": {"name": "reviews", "namespace": "shop"},
             "spec": {"hosts": ["reviews"], "http": [{"route": [{"destination": {"host": "reviews"}}]}]}}
            """;
    private static final String BAD = """
            {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService",
             "metadata": {"name": "reviews", "namespace": "shop"},
             "spec": {"hosts": ["-"], "http": [{"timeout": "never", "route": [{"destination": {"host": "reviews"}}]}]}}
            """;

    private static Verdict judge(String operation, String object) {
        return judge(operation, object, false, config -> List.of());
    }

    private static Verdict judge(
            String operation, String object, boolean classic, Function<Config<?>, List<Diagnostic>> mesh) {
        return new Judge(classic, mesh).judge(review(operation, object));
    }

    private static Review review(String operation, String object) {
        JsonObject request = new JsonObject()
                .put("uid", "u1")
                .put("operation", operation)
                .put("namespace", "shop")
                .put("kind", new JsonObject().put("kind", "VirtualService"))
                .put("object", new JsonObject(object));
        return new Review("admission.k8s.io/v1", request);
    }

    @Test
    void goodObjectIsAccepted() {
        assertThat(judge("CREATE", GOOD)).isEqualTo(new Verdict.Accepted(List.of()));
    }

    @Test
    void everyProblemIsToldByItsField() {
        assertThat(judge("UPDATE", BAD)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.message())
                    .startsWith("VirtualService shop/reviews has 2 problems:\n")
                    .contains("- spec.hosts[0]: ", "- spec.http[0].timeout: ");
            assertThat(refused.cause()).isEqualTo(Verdict.Cause.INVALID);
        });
    }

    @Test
    void unknownFieldIsRefusedAndNamesTheNearest() {
        assertThat(judge("CREATE", GOOD.replace("\"hosts\"", "\"hostss\"")))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
                    assertThat(refused.message()).contains("spec.hostss", "\"hosts\"");
                    assertThat(refused.cause()).isEqualTo(Verdict.Cause.UNREADABLE);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "CONNECT", ""})
    void otherOperationsPass(String operation) {
        assertThat(judge(operation, BAD)).isInstanceOf(Verdict.Passed.class);
    }

    @Test
    void statusIsNotJudged() {
        Review review = review("UPDATE", BAD);
        review.request().put("subResource", "status");
        assertThat(new Judge(false, config -> List.of()).judge(review)).isInstanceOf(Verdict.Passed.class);
    }

    @Test
    void nobodyKeepsBackAnObjectThatIsBeingDeleted() {
        String leaving = BAD.replace("\"name\"", "\"deletionTimestamp\": \"2026-01-01T00:00:00Z\", \"name\"");
        assertThat(judge("UPDATE", leaving)).isInstanceOf(Verdict.Passed.class);
    }

    @Test
    void unknownKindPassesWithAWarning() {
        assertThat(judge(
                        "CREATE", "{\"apiVersion\": \"a.b/v1\", \"kind\": \"Thing\", \"metadata\": {\"name\": \"t\"}}"))
                .isInstanceOfSatisfying(
                        Verdict.Accepted.class,
                        accepted -> assertThat(accepted.warnings())
                                .singleElement()
                                .satisfies(warning -> assertThat(warning.code()).isEqualTo("FL0003")));
    }

    @Test
    void nameThatIsYetToBeMadeUpIsNoProblem() {
        assertThat(judge("CREATE", GOOD.replace("\"name\": \"reviews\"", "\"generateName\": \"reviews-\"")))
                .isEqualTo(new Verdict.Accepted(List.of()));
    }

    @Test
    void otherObjectsAreAskedAboutGoodOnesOnly() {
        Function<Config<?>, List<Diagnostic>> mesh = config -> List.of(new Diagnostic(
                Severity.ERROR, "FL0691", config.origin(), config.key().toString(), "spec", "no"));
        assertThat(judge("CREATE", GOOD, false, mesh))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.message())
                                .isEqualTo("VirtualService shop/reviews: spec: no (FL0691)"));
        assertThat(judge("CREATE", BAD, false, mesh))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.message()).doesNotContain("FL0691"));
    }

    @Test
    void eraDecides() {
        String halves = GOOD.replace(
                "{\"destination\": {\"host\": \"reviews\"}}",
                "{\"weight\": 40, \"destination\": {\"host\": \"a\"}}, {\"weight\": 40, \"destination\": {\"host\": \"b\"}}");
        assertThat(judge("CREATE", halves)).isInstanceOf(Verdict.Accepted.class);
        assertThat(judge("CREATE", halves, true, config -> List.of())).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void objectThatIsMissingIsRefused() {
        Review review = review("CREATE", GOOD);
        review.request().put("object", new JsonArray());
        assertThat(new Judge(false, config -> List.of()).judge(review)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void envelopeIsEchoed() throws NotAReview {
        JsonObject body = new JsonObject()
                .put("apiVersion", "admission.k8s.io/v1beta1")
                .put("kind", "AdmissionReview")
                .put("request", review("CREATE", GOOD).request());
        Review review = Review.of(body);
        JsonObject answer = review.answer(review.allowed(), List.of("take care"));
        assertThat(answer.getString("apiVersion")).isEqualTo("admission.k8s.io/v1beta1");
        assertThat(answer.getJsonObject("response").getString("uid")).isEqualTo("u1");
        assertThat(answer.getJsonObject("response").getJsonArray("warnings")).containsExactly("take care");
        assertThatThrownBy(() -> Review.of(body.put("apiVersion", "admission.k8s.io/v2")))
                .isInstanceOf(NotAReview.class);
    }
}
