package io.flotilla.injector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.SidecarInjector;
import io.flotilla.service.https.NotAReview;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionReviewTest {
    private static final String POD =
            "{\"metadata\":{\"labels\":{\"app\":\"a\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}";

    private final SidecarInjector injector = new SidecarInjector(InjectionSettings.defaults());

    @ParameterizedTest
    @ValueSource(strings = {"admission.k8s.io/v1", "admission.k8s.io/v1beta1"})
    void podIsPatchedInTheVersionOfTheReview(String version) throws Exception {
        JsonObject answer =
                AdmissionReview.answer(review(version, POD), injector).body();
        assertThat(answer.getString("apiVersion")).isEqualTo(version);
        assertThat(answer.getString("kind")).isEqualTo("AdmissionReview");
        JsonObject response = answer.getJsonObject("response");
        assertThat(response.getString("uid")).isEqualTo("u-1");
        assertThat(response.getBoolean("allowed")).isTrue();
        assertThat(response.getString("patchType")).isEqualTo("JSONPatch");
        JsonArray patch = new JsonArray(
                new String(Base64.getDecoder().decode(response.getString("patch")), StandardCharsets.UTF_8));
        assertThat(patch.stream().map(step -> ((JsonObject) step).getString("path")))
                .contains("/spec/initContainers", "/spec/volumes", "/metadata/annotations");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, '', Pod, operation DELETE is not CREATE",
        "CREATE, exec, Pod, subresource exec",
        "CREATE, '', Deployment, kind Deployment is not Pod"
    })
    void whatMakesNoPodIsAllowedAsItIs(String operation, String subResource, String kind, String why) throws Exception {
        JsonObject review = review("admission.k8s.io/v1", POD);
        review.getJsonObject("request")
                .put("operation", operation)
                .put("subResource", subResource)
                .put("kind", new JsonObject().put("kind", kind));
        AdmissionReview.Answer answer = AdmissionReview.answer(review, injector);
        assertThat(answer.detail()).endsWith("skipped: " + why);
        assertThat(answer.body().getJsonObject("response").getBoolean("allowed"))
                .isTrue();
        assertThat(answer.body().getJsonObject("response").containsKey("patch")).isFalse();
    }

    @Test
    void podThatCannotBeInjectedIsDeniedWithTheReason() throws Exception {
        String pod = POD.replace(
                "\"labels\"", "\"annotations\":{\"sidecar.istio.io/interceptionMode\":\"TPROXY\"},\"labels\"");
        JsonObject response = AdmissionReview.answer(review("admission.k8s.io/v1", pod), injector)
                .body()
                .getJsonObject("response");
        assertThat(response.getBoolean("allowed")).isFalse();
        assertThat(response.getJsonObject("status").getInteger("code")).isEqualTo(422);
        assertThat(response.getJsonObject("status").getString("message"))
                .isEqualTo("the sidecar cannot be injected: annotation sidecar.istio.io/interceptionMode:"
                        + " \"TPROXY\" must be REDIRECT or NONE");
    }

    @Test
    void annotationsWithoutEffectAreWarnedOf() throws Exception {
        String pod = POD.replace(
                "\"labels\"", "\"annotations\":{\"traffic.sidecar.istio.io/kubevirtInterfaces\":\"n\"},\"labels\"");
        assertThat(AdmissionReview.answer(review("admission.k8s.io/v1", pod), injector)
                        .body()
                        .getJsonObject("response")
                        .getJsonArray("warnings"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"apiVersion\":\"admission.k8s.io/v2\",\"kind\":\"AdmissionReview\"}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{}}"
            })
    void whatIsNoReviewIsSaidToBeNone(String body) {
        assertThatThrownBy(() -> AdmissionReview.answer(new JsonObject(body), injector))
                .isInstanceOf(NotAReview.class);
    }

    private static JsonObject review(String version, String pod) {
        return new JsonObject()
                .put("apiVersion", version)
                .put("kind", "AdmissionReview")
                .put(
                        "request",
                        new JsonObject()
                                .put("uid", "u-1")
                                .put("operation", "CREATE")
                                .put("namespace", "default")
                                .put("dryRun", true)
                                .put(
                                        "kind",
                                        new JsonObject().put("version", "v1").put("kind", "Pod"))
                                .put("object", new JsonObject(pod)));
    }
}
