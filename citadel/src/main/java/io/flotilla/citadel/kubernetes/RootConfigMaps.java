package io.flotilla.citadel.kubernetes;

import com.google.protobuf.Struct;
import io.flotilla.citadel.kubernetes.KubernetesApi.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The root certificate in every namespace: ConfigMap istio-ca-root-cert, key root-cert.pem, which pods mount. Each pass
 * looks at all of them and writes only those that differ.
 */
public final class RootConfigMaps {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final String NAME = "istio-ca-root-cert";
    private static final String KEY = "root-cert.pem";

    private final KubernetesApi api;
    private final Supplier<String> roots;

    /**
     * For all namespaces of a cluster.
     *
     * @param roots whom to believe, in PEM, as of now
     */
    public RootConfigMaps(KubernetesApi api, Supplier<String> roots) {
        this.api = api;
        this.roots = roots;
    }

    /**
     * One pass over all namespaces.
     *
     * @return what could not be done, by namespace; empty where all is well
     */
    public List<String> publish() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String namespace : namespaces()) {
            Answer answer = publish(namespace);
            if (!answer.done()) {
                problems.add(namespace + ": " + answer.reason());
            }
        }
        return List.copyOf(problems);
    }

    private List<String> namespaces() throws IOException {
        return api.list("/api/v1/namespaces", "").stream()
                .filter(namespace -> !Json.textAt(namespace, "status", "phase").equals("Terminating"))
                .map(namespace -> Json.textAt(namespace, "metadata", "name"))
                .toList();
    }

    private Answer publish(String namespace) throws IOException {
        String collection = "/api/v1/namespaces/" + namespace + "/configmaps";
        Answer found = api.get(collection + "/" + NAME);
        if (found.missing()) {
            LOG.infof("root certificate for namespace %s", namespace);
            return api.create(collection, configMap());
        }
        if (!found.done() || Json.textAt(found.body(), "data", KEY).equals(roots.get())) {
            return found;
        }
        LOG.infof("root certificate for namespace %s, which had another", namespace);
        Struct change = Struct.newBuilder().putFields("data", data()).build();
        return api.patch(collection + "/" + NAME, change);
    }

    private Struct configMap() {
        return Struct.newBuilder()
                .putFields("apiVersion", Json.text("v1"))
                .putFields("kind", Json.text("ConfigMap"))
                .putFields("metadata", Json.object(Json.metadata(NAME, Map.of("istio.io/config", "true"))))
                .putFields("data", data())
                .build();
    }

    private com.google.protobuf.Value data() {
        return Json.object(Json.texts(Map.of(KEY, roots.get())));
    }
}
