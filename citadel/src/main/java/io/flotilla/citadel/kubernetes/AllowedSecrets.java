package io.flotilla.citadel.kubernetes;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.citadel.kubernetes.KubernetesApi.Answer;
import io.flotilla.citadel.secret.WorkloadCredentials;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.credential.CredentialCheck;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Secrets of a workload's own namespace, for whom the cluster's rules let read them: the API server is asked each time
 * whether this service account may (SubjectAccessReview, verb "get"), and what it may not read it is not told of either.
 */
public final class AllowedSecrets implements WorkloadCredentials {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    /** Names of objects: what else stands in a credentialName must not become part of a path. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private final KubernetesApi api;

    public AllowedSecrets(KubernetesApi api) {
        this.api = api;
    }

    @Override
    public Optional<Secret> of(ServiceAccount reader, String name) throws IOException {
        String asked = name.substring(TlsCredential.OF_WORKLOADS.length());
        if (asked.endsWith(TlsCredential.AUTHORITY_SUFFIX)) {
            // Beside the certificate, or in a Secret of its own that is named so.
            String beside = asked.substring(0, asked.length() - TlsCredential.AUTHORITY_SUFFIX.length());
            Optional<Secret> authority = in(reader, beside, name);
            return authority.isPresent() ? authority : in(reader, asked, name);
        }
        return in(reader, asked, name);
    }

    private Optional<Secret> in(ServiceAccount reader, String object, String name) throws IOException {
        if (!NAME.matcher(object).matches() || !allowed(reader, object)) {
            return Optional.empty();
        }
        Answer found = api.get("/api/v1/namespaces/" + reader.namespace() + "/secrets/" + object);
        if (found.missing()) {
            return Optional.empty();
        }
        if (!found.done()) {
            throw new IOException("the API server says " + found.reason());
        }
        TlsCredential credential = new TlsCredential(
                TlsCredential.OF_WORKLOADS + object,
                text(found.body(), "tls.crt", "cert"),
                text(found.body(), "tls.key", "key"),
                text(found.body(), "ca.crt", "cacert"));
        Optional<String> problem = CredentialCheck.problem(credential);
        if (problem.isPresent()) {
            throw new IOException("Secret " + reader.namespace() + "/" + object + ": " + problem.get());
        }
        return credential.secrets().stream()
                .filter(secret -> secret.getName().equals(name))
                .findFirst();
    }

    private static String text(Struct secret, String... keys) {
        for (String key : keys) {
            String text = Json.decoded(Json.textAt(secret, "data", key));
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private boolean allowed(ServiceAccount reader, String object) throws IOException {
        Struct what = Json.texts(java.util.Map.of(
                "namespace",
                reader.namespace(),
                "verb",
                "get",
                "version",
                "v1",
                "resource",
                "secrets",
                "name",
                object));
        Struct spec = Struct.newBuilder()
                .putFields("user", Json.text("system:serviceaccount:" + reader.namespace() + ":" + reader.name()))
                .putFields(
                        "groups",
                        list(List.of(
                                "system:serviceaccounts",
                                "system:serviceaccounts:" + reader.namespace(),
                                "system:authenticated")))
                .putFields("resourceAttributes", Json.object(what))
                .build();
        Answer answer = api.create(
                REVIEWS,
                Struct.newBuilder()
                        .putFields("apiVersion", Json.text("authorization.k8s.io/v1"))
                        .putFields("kind", Json.text("SubjectAccessReview"))
                        .putFields("spec", Json.object(spec))
                        .build());
        if (!answer.done()) {
            throw new IOException("the API server says " + answer.reason());
        }
        Struct status = Json.at(answer.body(), "status");
        boolean allowed =
                status.getFieldsOrDefault("allowed", Value.getDefaultInstance()).getBoolValue();
        if (!allowed) {
            LOG.warnf("%s may not read Secret %s/%s, which a rule for it names", reader, reader.namespace(), object);
        }
        return allowed;
    }

    private static Value list(List<String> texts) {
        ListValue.Builder values = ListValue.newBuilder();
        texts.forEach(text -> values.addValues(Json.text(text)));
        return Value.newBuilder().setListValue(values).build();
    }
}
