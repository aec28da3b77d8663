package io.flotilla.injector;

import io.flotilla.injection.Injection;
import io.flotilla.injection.JsonPatch;
import io.flotilla.injection.JsonText;
import io.flotilla.injection.PodContext;
import io.flotilla.injection.SidecarInjector;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers admission reviews (admission.k8s.io v1 and v1beta1) in the version that they were asked in. Nothing is changed
 * by answering, so a dry run needs no care.
 */
final class AdmissionReview {
    private static final Set<String> VERSIONS = Set.of("admission.k8s.io/v1", "admission.k8s.io/v1beta1");
    private static final int UNPROCESSABLE = 422;

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

    /** A body that is no AdmissionReview. */
    static final class NotAReview extends Exception {
        private static final long serialVersionUID = 1;

        NotAReview(String message) {
            super(message);
        }
    }

    static Answer answer(JsonObject review, SidecarInjector injector) throws NotAReview {
        String version = text(review, "apiVersion");
        if (!VERSIONS.contains(version) || !"AdmissionReview".equals(text(review, "kind"))) {
            throw new NotAReview("the body is no AdmissionReview of admission.k8s.io/v1 or v1beta1, but \"" + version
                    + " " + text(review, "kind") + "\"");
        }
        if (!(review.getValue("request") instanceof JsonObject request)
                || text(request, "uid").isEmpty()) {
            throw new NotAReview("the review has no request with a uid");
        }
        String pod = "pod " + text(request, "namespace") + "/" + name(request);
        return switch (decide(request, injector)) {
            case Injection.Injected injected ->
                new Answer(Outcome.INJECTED, review(version, patched(request, version, injected)), pod + ": injected");
            case Injection.Skipped skipped ->
                new Answer(Outcome.SKIPPED, review(version, allowed(request)), pod + ": skipped: " + skipped.reason());
            case Injection.Refused refused -> {
                String message = "the sidecar cannot be injected: " + String.join("; ", refused.problems());
                yield new Answer(Outcome.REFUSED, review(version, denied(request, message)), pod + ": " + message);
            }
        };
    }

    // Most pods have no name yet, only what it will begin with.
    private static String name(JsonObject request) {
        String name = text(request, "name");
        return name.isEmpty()
                        && request.getValue("object") instanceof JsonObject pod
                        && pod.getValue("metadata") instanceof JsonObject metadata
                ? text(metadata, metadata.containsKey("name") ? "name" : "generateName")
                : name;
    }

    private static Injection decide(JsonObject request, SidecarInjector injector) {
        String kind = request.getValue("kind") instanceof JsonObject named ? text(named, "kind") : "";
        String operation = text(request, "operation");
        if (!kind.isEmpty() && !kind.equals("Pod")) {
            return new Injection.Skipped("kind " + kind + " is not Pod");
        }
        if (!text(request, "subResource").isEmpty()) {
            return new Injection.Skipped("subresource " + text(request, "subResource"));
        }
        if (!operation.isEmpty() && !operation.equals("CREATE")) {
            return new Injection.Skipped("operation " + operation + " is not CREATE");
        }
        if (!(request.getValue("object") instanceof JsonObject pod)) {
            return new Injection.Refused(List.of("request.object: must be a pod"));
        }
        // The webhook configuration selects namespaces by label; here their labels are not known.
        return injector.inject(pod.getMap(), new PodContext(text(request, "namespace"), "", Map.of()));
    }

    private static JsonObject patched(JsonObject request, String version, Injection.Injected injected) {
        String patch = JsonText.write(
                injected.patch().stream().map(JsonPatch.Operation::tree).toList());
        JsonObject response = allowed(request)
                .put("patchType", "JSONPatch")
                .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
        if (!injected.warnings().isEmpty() && version.endsWith("/v1")) {
            response.put("warnings", new JsonArray(injected.warnings()));
        }
        return response;
    }

    private static JsonObject allowed(JsonObject request) {
        return new JsonObject().put("uid", text(request, "uid")).put("allowed", true);
    }

    private static JsonObject denied(JsonObject request, String message) {
        return new JsonObject()
                .put("uid", text(request, "uid"))
                .put("allowed", false)
                .put(
                        "status",
                        new JsonObject()
                                .put("status", "Failure")
                                .put("message", message)
                                .put("reason", "Invalid")
                                .put("code", UNPROCESSABLE));
    }

    private static JsonObject review(String version, JsonObject response) {
        return new JsonObject()
                .put("apiVersion", version)
                .put("kind", "AdmissionReview")
                .put("response", response);
    }

    private static String text(JsonObject object, String field) {
        return object.getValue(field) instanceof String text ? text : "";
    }
}
