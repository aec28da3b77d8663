package io.flotilla.citadel.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.fabric8.certmanager.api.model.v1.CertificateRequest;
import io.fabric8.certmanager.api.model.v1.CertificateRequestBuilder;
import io.flotilla.citadel.backend.ExternalBackend.Desk;
import io.flotilla.citadel.backend.ExternalBackend.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * cert-manager signs, by whatever Issuer or ClusterIssuer is named.
 *
 * @param api       of the cluster
 * @param namespace of the requests, and of an Issuer
 * @param issuer    who is asked
 */
public record CertManagerDesk(KubernetesApi api, String namespace, IssuerName issuer) implements Desk {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An issuer.
     *
     * @param kind  Issuer, ClusterIssuer or one of an external group
     * @param group cert-manager.io for its own
     */
    public record IssuerName(String name, String kind, String group) {
        private static final String OWN_GROUP = "cert-manager.io";

        /** NAME (an Issuer), KIND/NAME or KIND.GROUP/NAME. */
        public static IssuerName parse(String text) {
            int slash = text.indexOf('/');
            String kind = slash < 0 ? "Issuer" : text.substring(0, slash);
            int dot = kind.indexOf('.');
            return new IssuerName(
                    text.substring(slash + 1),
                    dot < 0 ? kind : kind.substring(0, dot),
                    dot < 0 ? OWN_GROUP : kind.substring(dot + 1));
        }
    }

    @Override
    public String submit(String csrPem, Duration life) throws IOException {
        CertificateRequest request = new CertificateRequestBuilder()
                .withNewMetadata()
                .withGenerateName("flotilla-")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withRequest(Base64.getEncoder().encodeToString(csrPem.getBytes(StandardCharsets.US_ASCII)))
                .withDuration(new io.fabric8.kubernetes.api.model.Duration(
                        life.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)))
                .withIsCA(false)
                .withUsages("digital signature", "server auth", "client auth")
                .withNewIssuerRef()
                .withName(issuer.name())
                .withKind(issuer.kind())
                .withGroup(issuer.group())
                .endIssuerRef()
                .endSpec()
                .build();
        KubernetesApi.Answer answer = api.create(collection(), struct(request));
        if (!answer.done()) {
            throw new IOException("the API server says " + answer.reason());
        }
        return Json.textAt(answer.body(), "metadata", "name");
    }

    @Override
    public State look(String name) throws IOException {
        KubernetesApi.Answer answer = api.get(collection() + "/" + name);
        if (!answer.done()) {
            throw new IOException("the API server says " + answer.reason());
        }
        String certificate = Json.textAt(answer.body(), "status", "certificate");
        if (!certificate.isEmpty()) {
            return new State.Signed(Json.decoded(certificate));
        }
        for (Struct condition : Json.list(Json.at(answer.body(), "status"), "conditions")) {
            String type = Json.textAt(condition, "type");
            boolean yes = Json.textAt(condition, "status").equals("True");
            String reason = Json.textAt(condition, "reason");
            boolean denied = yes && (type.equals("Denied") || type.equals("InvalidRequest"));
            boolean failed = type.equals("Ready") && !yes && (reason.equals("Failed") || reason.equals("Denied"));
            if (denied || failed) {
                return new State.Denied(Json.textAt(condition, "message"));
            }
        }
        return new State.Waiting();
    }

    @Override
    public void remove(String name) throws IOException {
        api.delete(collection() + "/" + name);
    }

    @Override
    public String describe() {
        return "cert-manager's " + issuer.kind() + " " + issuer.name();
    }

    private String collection() {
        return "/apis/cert-manager.io/v1/namespaces/" + namespace + "/certificaterequests";
    }

    private static Struct struct(CertificateRequest request) throws IOException {
        try {
            Struct.Builder struct = Struct.newBuilder();
            JsonFormat.parser().merge(JSON.writeValueAsString(request), struct);
            return struct.build();
        } catch (JsonProcessingException e) {
            throw new IOException("a CertificateRequest cannot be written", e);
        }
    }
}
