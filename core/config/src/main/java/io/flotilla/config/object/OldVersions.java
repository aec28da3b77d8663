package io.flotilla.config.object;

import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Problems;
import java.util.Map;

/** Versions that Kubernetes served in the time of 1.1 and serves no longer, of kinds that are read as messages. */
final class OldVersions {
    private static final String INGRESS = "networking.k8s.io/v1";
    private static final Map<String, String> REPLACED = Map.of(
            "extensions/v1beta1/Ingress", INGRESS,
            "networking.k8s.io/v1beta1/Ingress", INGRESS,
            "networking.k8s.io/v1beta1/IngressClass", INGRESS);

    private OldVersions() {}

    /** Names the version to use today; by the rules of 1.1 nothing is wrong with an old one. */
    static void check(String apiVersion, String kind, boolean classic, Problems problems) {
        String now = REPLACED.get(apiVersion + "/" + kind);
        if (now != null && !classic) {
            problems.warning(
                    "FL0704",
                    FieldPath.ROOT.field("apiVersion"),
                    "\"" + apiVersion + "\" is served no longer: use \"" + now + "\"");
        }
    }
}
