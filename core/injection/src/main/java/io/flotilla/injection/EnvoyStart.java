package io.flotilla.injection;

/**
 * How a pod wants its Envoy started, beside what the settings say.
 *
 * @param componentLogLevels   as Envoy's --component-log-level has them, "upstream:debug,connection:trace"; empty for none
 * @param bootstrapConfigMap   a ConfigMap of the pod's namespace whose custom_bootstrap.json is merged over the bootstrap,
 *                             fields over fields, lists after lists (Envoy: --config-yaml); empty for none
 */
record EnvoyStart(String componentLogLevels, String bootstrapConfigMap) {
    /** Istio's names. */
    static final String VOLUME = "custom-bootstrap-volume";

    static final String DIRECTORY = "/etc/istio/custom-bootstrap";
    static final String FILE = DIRECTORY + "/custom_bootstrap.json";
    static final String VARIABLE = "ISTIO_BOOTSTRAP_OVERRIDE";

    boolean overrides() {
        return !bootstrapConfigMap.isEmpty();
    }
}
