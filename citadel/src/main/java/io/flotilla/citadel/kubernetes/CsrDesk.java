package io.flotilla.citadel.kubernetes;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.citadel.backend.ExternalBackend.Desk;
import io.flotilla.citadel.backend.ExternalBackend.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/**
 * A signer of the Kubernetes CSR API (certificates.k8s.io/v1). Citadel approves the requests that it makes itself, for
 * which its role needs the verb "approve" on the signer.
 *
 * @param api    of the cluster
 * @param signer such as example.com/mesh
 */
public record CsrDesk(KubernetesApi api, String signer) implements Desk {
    private static final String COLLECTION = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    /** The API server's least. */
    private static final long MIN_SECONDS = 600;

    @Override
    public String submit(String csrPem, Duration life) throws IOException {
        String name = "flotilla-" + UUID.randomUUID();
        Struct spec = Json.texts(Map.of(
                        "signerName",
                        signer,
                        "request",
                        Base64.getEncoder().encodeToString(csrPem.getBytes(StandardCharsets.US_ASCII))))
                .toBuilder()
                .putFields(
                        "expirationSeconds",
                        Value.newBuilder()
                                .setNumberValue((double) Math.max(MIN_SECONDS, life.toSeconds()))
                                .build())
                .putFields("usages", texts("digital signature", "server auth", "client auth"))
                .build();
        Struct request = Struct.newBuilder()
                .putFields("apiVersion", Json.text("certificates.k8s.io/v1"))
                .putFields("kind", Json.text("CertificateSigningRequest"))
                .putFields("metadata", Json.object(Json.metadata(name, Map.of())))
                .putFields("spec", Json.object(spec))
                .build();
        KubernetesApi.Answer made = api.create(COLLECTION, request);
        KubernetesApi.Answer approved = made.done() ? approve(name) : made;
        if (!approved.done()) {
            throw new IOException("the API server says " + approved.reason());
        }
        return name;
    }

    private KubernetesApi.Answer approve(String name) throws IOException {
        Struct condition = Json.texts(Map.of(
                "type", "Approved",
                "status", "True",
                "reason", "DecidedByCitadel",
                "message", "the caller is proven and the names are its own"));
        Value conditions = Value.newBuilder()
                .setListValue(ListValue.newBuilder().addValues(Json.object(condition)))
                .build();
        Struct status = Struct.newBuilder().putFields("conditions", conditions).build();
        return api.patch(
                COLLECTION + "/" + name + "/approval",
                Struct.newBuilder().putFields("status", Json.object(status)).build());
    }

    @Override
    public State look(String name) throws IOException {
        KubernetesApi.Answer answer = api.get(COLLECTION + "/" + name);
        if (!answer.done()) {
            throw new IOException("the API server says " + answer.reason());
        }
        String certificate = Json.textAt(answer.body(), "status", "certificate");
        if (!certificate.isEmpty()) {
            return new State.Signed(Json.decoded(certificate));
        }
        for (Struct condition : Json.list(Json.at(answer.body(), "status"), "conditions")) {
            String type = Json.textAt(condition, "type");
            if (type.equals("Denied") || type.equals("Failed")) {
                return new State.Denied(Json.textAt(condition, "message"));
            }
        }
        return new State.Waiting();
    }

    @Override
    public void remove(String name) throws IOException {
        api.delete(COLLECTION + "/" + name);
    }

    @Override
    public String describe() {
        return "the Kubernetes signer " + signer;
    }

    private static Value texts(String... all) {
        ListValue.Builder list = ListValue.newBuilder();
        for (String each : all) {
            list.addValues(Json.text(each));
        }
        return Value.newBuilder().setListValue(list).build();
    }
}
