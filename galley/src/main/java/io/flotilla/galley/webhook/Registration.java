package io.flotilla.galley.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.galley.webhook.WebhookApi.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Keeps a ValidatingWebhookConfiguration such that the API server believes our certificate, and lets nothing past us
 * once it was seen to ask us: each webhook's caBundle is our root; failurePolicy becomes Fail when a bad object, sent
 * to the API server as a dry run, came back with our refusal. It never becomes Ignore again by itself: nobody opens the
 * door by stopping Galley. One step at a time, on one thread.
 */
final class Registration {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/";
    private static final String PATCH = "application/strategic-merge-patch+json";
    private static final int NOT_FOUND = 404;
    /** A host that no CRD's schema minds and that we do. */
    private static final String BAD_HOST = "-no-host-";

    private final WebhookApi api;
    private final String name;
    private final String probes;
    private final ValidationMetrics metrics;

    /**
     * Nothing is done yet.
     *
     * @param name      of the configuration
     * @param namespace where the bad object is said to go, in which we may create VirtualServices
     */
    Registration(WebhookApi api, String name, String namespace, ValidationMetrics metrics) {
        this.api = api;
        this.name = name;
        this.probes = "/apis/networking.istio.io/v1/namespaces/" + namespace + "/virtualservices?dryRun=All";
        this.metrics = metrics;
    }

    /** Where the registration stands. */
    sealed interface State {
        /** The API server believes us and lets nothing past us. */
        record Closed() implements State {}

        /** It does not, and why. */
        record Open(String why) implements State {}
    }

    /**
     * Does what is to be done now.
     *
     * @param roots PEM; empty where there is no certificate yet
     */
    State step(String roots) {
        if (roots.isEmpty()) {
            return new State.Open("there is no certificate yet");
        }
        Answer found = api.get(PATH + name);
        if (found.status() == NOT_FOUND) {
            return failed(
                    "there is no ValidatingWebhookConfiguration " + name + "; deploy/kustomize/base/galley has it",
                    "missing");
        }
        if (!found.ok()) {
            return failed("the API server says of " + name + ": " + found.error(), "unreadable");
        }
        JsonNode webhooks = found.body().path("webhooks");
        String bundle = Base64.getEncoder().encodeToString(roots.getBytes(StandardCharsets.UTF_8));
        ArrayNode strangers = patch(webhooks, "caBundle", bundle);
        if (!strangers.isEmpty()) {
            Answer written = write(strangers);
            if (!written.ok()) {
                return failed("the caBundle of " + name + " cannot be written: " + written.error(), "update");
            }
        }
        ArrayNode open = patch(webhooks, "failurePolicy", "Fail");
        return open.isEmpty() ? new State.Closed() : close(open);
    }

    /** Fail-closed, if a bad object is refused by us. */
    private State close(ArrayNode open) {
        Answer probe = api.send("POST", probes, "application/json", badObject());
        if (probe.ok()) {
            return new State.Open("the API server let a bad object pass without asking us");
        }
        if (!probe.error().contains(BAD_HOST) || !probe.error().contains("denied the request")) {
            return new State.Open("a bad object was refused, but not by us: " + probe.error());
        }
        Answer written = write(open);
        return written.ok()
                ? new State.Closed()
                : failed("failurePolicy of " + name + " cannot be written: " + written.error(), "update");
    }

    private Answer write(ArrayNode webhooks) {
        Answer written =
                api.send("PATCH", PATH + name, PATCH, JSON.createObjectNode().set("webhooks", webhooks));
        if (written.ok()) {
            metrics.configurationWritten();
        }
        return written;
    }

    private State failed(String why, String error) {
        metrics.configurationNotWritten(error);
        return new State.Open(why);
    }

    /** Of each webhook whose field has another value: its name, and the value. */
    private static ArrayNode patch(JsonNode webhooks, String field, String value) {
        ArrayNode patch = JSON.createArrayNode();
        boolean ofClient = field.equals("caBundle");
        for (JsonNode webhook : webhooks) {
            JsonNode holder = ofClient ? webhook.path("clientConfig") : webhook;
            if (!holder.path(field).asText().equals(value)) {
                ObjectNode entry =
                        patch.addObject().put("name", webhook.path("name").asText());
                (ofClient ? entry.putObject("clientConfig") : entry).put(field, value);
            }
        }
        return patch;
    }

    private static ObjectNode badObject() {
        ObjectNode object = JSON.createObjectNode()
                .put("apiVersion", "networking.istio.io/v1")
                .put("kind", "VirtualService");
        object.putObject("metadata").put("name", "flotilla-webhook-probe");
        ObjectNode spec = object.putObject("spec");
        spec.putArray("hosts").add(BAD_HOST);
        spec.putArray("http")
                .addObject()
                .putArray("route")
                .addObject()
                .putObject("destination")
                .put("host", "nowhere");
        return object;
    }
}
