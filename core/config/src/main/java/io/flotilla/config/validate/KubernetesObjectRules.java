package io.flotilla.config.validate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.model.Config;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** Secrets and batch work: kinds that the injector and gateways look at. */
final class KubernetesObjectRules {
    private static final Map<String, String> REPLACED = Map.of(
            "extensions/v1beta1", "apps/v1",
            "apps/v1beta1", "apps/v1",
            "apps/v1beta2", "apps/v1",
            "batch/v1beta1", "batch/v1",
            "discovery.k8s.io/v1beta1", "discovery.k8s.io/v1");
    private static final Set<String> CONCURRENCY = Set.of("Allow", "Forbid", "Replace");
    private static final Set<String> RESTARTS = Set.of("Never", "OnFailure");
    private static final int CRON_FIELDS = 5;
    private static final String TLS = "kubernetes.io/tls";

    private KubernetesObjectRules() {}

    /** Versions that Kubernetes no longer serves are read, and named with what replaces them; 1.1 knew no others. */
    static void version(Config<Struct> config, Check check) {
        ManifestField version = ManifestField.root(config.spec(), check).field("apiVersion");
        String given = version.value().getStringValue();
        String now = REPLACED.get(given);
        if (now != null && !check.classic()) {
            check.warning("FL0704", version.at(), "\"" + given + "\" is served no longer: use \"" + now + "\"");
        }
    }

    static void secret(Config<Struct> config, Check check) {
        ManifestField root = ManifestField.root(config.spec(), check);
        ManifestField data = root.field("data");
        ManifestField texts = root.field("stringData");
        data.texts();
        texts.texts();
        data.value().getStructValue().getFieldsMap().forEach((key, value) -> {
            if (value.hasStringValue() && !isBase64(value.getStringValue())) {
                check.error("FL0705", data.field(key).at(), "is not base64");
            }
        });
        if (root.field("type").text().orElse("").equals(TLS)) {
            for (String key : new String[] {"tls.crt", "tls.key"}) {
                check.require(
                        data.field(key).present() || texts.field(key).present(),
                        "FL0705",
                        data.field(key).at(),
                        "is required in a Secret of type " + TLS);
            }
        }
    }

    static void replicationController(Config<Struct> config, Check check) {
        ManifestField spec =
                ManifestField.root(config.spec(), check).field("spec").required();
        ManifestField template = spec.field("template").required();
        ManifestField labels = template.field("metadata").field("labels");
        labels.texts();
        KubernetesPodRules.replicas(spec, check);
        KubernetesPodRules.pod(template.field("spec").required(), check);
        ManifestField selector = spec.field("selector");
        selector.texts();
        Map<String, Value> given = labels.value().getStructValue().getFieldsMap();
        check.require(
                given.entrySet()
                        .containsAll(
                                selector.value().getStructValue().getFieldsMap().entrySet()),
                "FL0702",
                selector.at(),
                "does not select the labels of the template");
    }

    static void job(Config<Struct> config, Check check) {
        version(config, check);
        job(ManifestField.root(config.spec(), check).field("spec").required(), check);
    }

    private static void job(ManifestField spec, Check check) {
        for (String field : new String[] {"parallelism", "completions", "backoffLimit"}) {
            spec.field(field)
                    .number()
                    .ifPresent(number -> check.notNegative(
                            number, "FL0706", spec.field(field).at()));
        }
        ManifestField pod = spec.field("template").required().field("spec").required();
        KubernetesPodRules.pod(pod, check);
        String restart = pod.field("restartPolicy").text().orElse("");
        check.require(
                RESTARTS.contains(restart),
                "FL0706",
                pod.field("restartPolicy").at(),
                "must be Never or OnFailure, not \"" + restart + "\"");
    }

    static void cronJob(Config<Struct> config, Check check) {
        version(config, check);
        ManifestField spec =
                ManifestField.root(config.spec(), check).field("spec").required();
        String schedule = spec.field("schedule").text().orElse("").strip();
        boolean fits = schedule.startsWith("@") || schedule.split("\\s+", -1).length == CRON_FIELDS;
        check.require(
                fits,
                "FL0706",
                spec.field("schedule").at(),
                schedule.isEmpty()
                        ? "is required"
                        : "\"" + schedule + "\" is no schedule: minute, hour, day of month, month, day of week");
        String concurrency = spec.field("concurrencyPolicy").text().orElse("Allow");
        check.require(
                CONCURRENCY.contains(concurrency),
                "FL0706",
                spec.field("concurrencyPolicy").at(),
                "must be Allow, Forbid or Replace, not \"" + concurrency + "\"");
        job(spec.field("jobTemplate").required().field("spec").required(), check);
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text.replaceAll("\\s", ""));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
