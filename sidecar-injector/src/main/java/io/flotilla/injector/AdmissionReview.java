package io.flotilla.injector;

import io.flotilla.injection.Injection;
import io.flotilla.injection.JsonPatch;
import io.flotilla.injection.JsonText;
import io.flotilla.injection.PodContext;
import io.flotilla.injection.SidecarInjector;
import io.flotilla.service.https.NotAReview;
import io.flotilla.service.https.Review;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Answers admission reviews (admission.k8s.io v1 and v1beta1) in the version that they were asked in. Nothing is changed
 * by answering, so a dry run needs no care.
 */
final class AdmissionReview {
    private AdmissionReview() {}

    /** What came of a review, for metrics. */
    enum Outcome {
        INJECTED,
        SKIPPED,
        REFUSED,
    }

    /**
     * The answer.
     *
     * @param body   an AdmissionReview
     * @param detail why, in one line
     */
    record Answer(Outcome outcome, JsonObject body, String detail) {}

    static Answer answer(JsonObject body, SidecarInjector injector) throws NotAReview {
        Review review = Review.of(body);
        String pod = "pod " + review.text("namespace") + "/" + review.name();
        return switch (decide(review, injector)) {
            case Injection.Injected injected ->
                new Answer(Outcome.INJECTED, patched(review, injected), pod + ": injected");
            case Injection.Skipped skipped ->
                new Answer(
                        Outcome.SKIPPED,
                        review.answer(review.allowed(), List.of()),
                        pod + ": skipped: " + skipped.reason());
            case Injection.Refused refused -> {
                String message = "the sidecar cannot be injected: " + String.join("; ", refused.problems());
                yield new Answer(
                        Outcome.REFUSED, review.answer(review.denied(message), List.of()), pod + ": " + message);
            }
        };
    }

    private static Injection decide(Review review, SidecarInjector injector) {
        String kind = Review.text(review.part("kind"), "kind");
        String operation = review.text("operation");
        if (!kind.isEmpty() && !kind.equals("Pod")) {
            return new Injection.Skipped("kind " + kind + " is not Pod");
        }
        if (!review.text("subResource").isEmpty()) {
            return new Injection.Skipped("subresource " + review.text("subResource"));
        }
        if (!operation.isEmpty() && !operation.equals("CREATE")) {
            return new Injection.Skipped("operation " + operation + " is not CREATE");
        }
        if (!(review.request().getValue("object") instanceof JsonObject pod)) {
            return new Injection.Refused(List.of("request.object: must be a pod"));
        }
        // The webhook configuration selects namespaces by label; here their labels are not known.
        return injector.inject(pod.getMap(), new PodContext(review.text("namespace"), "", Map.of()));
    }

    private static JsonObject patched(Review review, Injection.Injected injected) {
        String patch = JsonText.write(
                injected.patch().stream().map(JsonPatch.Operation::tree).toList());
        JsonObject response = review.allowed()
                .put("patchType", "JSONPatch")
                .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
        // Whoever still asks by v1beta1 may be too old to know warnings.
        return review.answer(response, review.version().endsWith("/v1") ? injected.warnings() : List.of());
    }
}
