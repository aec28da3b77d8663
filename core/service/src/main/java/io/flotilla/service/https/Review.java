package io.flotilla.service.https;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * An AdmissionReview (admission.k8s.io v1 or v1beta1) that asks, and how it is answered: in the version that it was
 * asked in, with its uid.
 *
 * @param version of the envelope
 * @param request what is asked
 */
public record Review(String version, JsonObject request) {
    private static final Set<String> VERSIONS = Set.of("admission.k8s.io/v1", "admission.k8s.io/v1beta1");
    private static final int UNPROCESSABLE = 422;

    /** The review in a body. */
    public static Review of(JsonObject body) throws NotAReview {
        String version = text(body, "apiVersion");
        if (!VERSIONS.contains(version) || !"AdmissionReview".equals(text(body, "kind"))) {
            throw new NotAReview("the body is no AdmissionReview of admission.k8s.io/v1 or v1beta1, but \"" + version
                    + " " + text(body, "kind") + "\"");
        }
        if (!(body.getValue("request") instanceof JsonObject request)
                || text(request, "uid").isEmpty()) {
            throw new NotAReview("the review has no request with a uid");
        }
        return new Review(version, request);
    }

    /** A text of the request; empty where it is absent or something else. */
    public String text(String field) {
        return text(request, field);
    }

    /** A part of the request; empty where it is absent or something else. */
    public JsonObject part(String field) {
        return request.getValue(field) instanceof JsonObject part ? part : new JsonObject();
    }

    /** The object's name; what it will begin with, where it has none yet. */
    public String name() {
        String name = text("name");
        return name.isEmpty() && part("object").getValue("metadata") instanceof JsonObject metadata
                ? text(metadata, metadata.containsKey("name") ? "name" : "generateName")
                : name;
    }

    /** A response that lets the object in, to be completed and wrapped. */
    public JsonObject allowed() {
        return new JsonObject().put("uid", text("uid")).put("allowed", true);
    }

    /** A response that keeps the object out, to be completed and wrapped. */
    public JsonObject denied(String message) {
        return new JsonObject()
                .put("uid", text("uid"))
                .put("allowed", false)
                .put(
                        "status",
                        new JsonObject()
                                .put("status", "Failure")
                                .put("message", message)
                                .put("reason", "Invalid")
                                .put("code", UNPROCESSABLE));
    }

    /** The answer: a response in its envelope, with warnings for whoever sent the object. */
    public JsonObject answer(JsonObject response, List<String> warnings) {
        if (!warnings.isEmpty()) {
            response.put("warnings", new JsonArray(warnings));
        }
        return new JsonObject()
                .put("apiVersion", version)
                .put("kind", "AdmissionReview")
                .put("response", response);
    }

    /** Text of an object; empty where it is absent or something else. */
    public static String text(JsonObject object, String field) {
        return object.getValue(field) instanceof String text ? text : "";
    }
}
