package io.flotilla.galley.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final String DENIED =
            "admission webhook \"validation.flotilla.io\" denied the request: VirtualService"
                    + " istio-system/flotilla-webhook-probe: spec.hosts[0]: \"-no-host-\" is no host name (FL0101)";

    private final Cluster cluster = new Cluster();
    private final Registration registration =
            new Registration(cluster, "istio-galley", "istio-system", new ValidationMetrics(new SimpleMeterRegistry()));

    /** An API server with one webhook configuration, which applies strategic merge patches of lists by name. */
    private static final class Cluster implements WebhookApi {
        private final ObjectMapper json = new ObjectMapper();
        private @Nullable ObjectNode configuration;
        private Answer probe = new Answer(201, MissingNode.getInstance(), "");
        private final List<String> written = new ArrayList<>();

        Cluster() {
            ObjectNode made = json.createObjectNode();
            for (String name : new String[] {"a.flotilla.io", "b.flotilla.io"}) {
                made.withArray("webhooks")
                        .addObject()
                        .put("name", name)
                        .put("failurePolicy", "Ignore")
                        .putObject("clientConfig");
            }
            configuration = made;
        }

        @Override
        public Answer get(String path) {
            return configuration == null
                    ? new Answer(404, MissingNode.getInstance(), "not found")
                    : new Answer(200, configuration, "");
        }

        @Override
        public Answer send(String method, String path, String contentType, JsonNode body) {
            if (method.equals("POST")) {
                assertThat(path).endsWith("/namespaces/istio-system/virtualservices?dryRun=All");
                return probe;
            }
            written.add(body.toString());
            assertThat(contentType).isEqualTo("application/strategic-merge-patch+json");
            for (JsonNode patch : body.path("webhooks")) {
                for (JsonNode webhook :
                        java.util.Objects.requireNonNull(configuration).path("webhooks")) {
                    if (webhook.path("name").equals(patch.path("name"))) {
                        merge((ObjectNode) webhook, patch);
                    }
                }
            }
            return new Answer(200, MissingNode.getInstance(), "");
        }

        private static void merge(ObjectNode into, JsonNode patch) {
            patch.properties().forEach(each -> {
                if (each.getValue().isObject()) {
                    merge((ObjectNode) into.path(each.getKey()), each.getValue());
                } else {
                    into.set(each.getKey(), each.getValue());
                }
            });
        }
    }

    @Test
    void rootIsWrittenAndTheDoorStaysOpenUntilARefusalWasSeen() {
        assertThat(registration.step("ROOT")).isInstanceOf(Registration.State.Open.class);
        String bundle = Base64.getEncoder().encodeToString("ROOT".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(cluster.get("").body().findValuesAsText("caBundle")).containsExactly(bundle, bundle);
        assertThat(cluster.get("").body().findValuesAsText("failurePolicy")).containsExactly("Ignore", "Ignore");
    }

    @Test
    void ourRefusalClosesTheDoor() {
        cluster.probe = new WebhookApi.Answer(400, MissingNode.getInstance(), DENIED);
        assertThat(registration.step("ROOT")).isInstanceOf(Registration.State.Closed.class);
        assertThat(cluster.get("").body().findValuesAsText("failurePolicy")).containsExactly("Fail", "Fail");
        assertThat(cluster.written).hasSize(2);
        assertThat(registration.step("ROOT")).isInstanceOf(Registration.State.Closed.class);
        assertThat(cluster.written).hasSize(2);
    }

    @Test
    void refusalOfSomebodyElseDoesNot() {
        for (String other : List.of(
                "admission webhook \"policy.example.com\" denied the request: no",
                "VirtualService is forbidden: -no-host-",
                "Internal error occurred: failed calling webhook: connection refused")) {
            cluster.probe = new WebhookApi.Answer(400, MissingNode.getInstance(), other);
            assertThat(registration.step("ROOT")).as(other).isInstanceOf(Registration.State.Open.class);
        }
        assertThat(cluster.get("").body().findValuesAsText("failurePolicy")).containsExactly("Ignore", "Ignore");
    }

    @Test
    void newRootAndEditsOfOthersAreSetRight() {
        cluster.probe = new WebhookApi.Answer(400, MissingNode.getInstance(), DENIED);
        registration.step("ROOT");
        ((ObjectNode) cluster.get("").body().path("webhooks").path(1)).put("failurePolicy", "Ignore");
        registration.step("NEXT");
        assertThat(cluster.get("").body().findValuesAsText("failurePolicy")).containsExactly("Fail", "Fail");
        assertThat(cluster.get("").body().findValuesAsText("caBundle").getFirst())
                .isEqualTo("TkVYVA==");
    }

    @Test
    void withoutConfigurationOrCertificateNothingIsWritten() {
        assertThat(registration.step("")).isInstanceOf(Registration.State.Open.class);
        cluster.configuration = null;
        assertThat(registration.step("ROOT"))
                .isInstanceOfSatisfying(
                        Registration.State.Open.class,
                        open -> assertThat(open.why()).contains("istio-galley"));
        assertThat(cluster.written).isEmpty();
    }
}
