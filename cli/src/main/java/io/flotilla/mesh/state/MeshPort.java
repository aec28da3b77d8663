package io.flotilla.mesh.state;

import java.util.Optional;
import java.util.stream.Stream;

/** A loopback port of the host on which a local mesh can be reached. */
public enum MeshPort {
    INGRESS_HTTP("ingress-http", 8080),
    INGRESS_HTTPS("ingress-https", 8443),
    GALLEY("galley", 9901),
    GALLEY_WEBHOOK("galley-webhook", 9443),
    GALLEY_MANAGEMENT("galley-management", 15114),
    PILOT("pilot", 15010),
    PILOT_TLS("pilot-tls", 15012),
    PILOT_MANAGEMENT("pilot-management", 15014),
    CITADEL("citadel", 8060),
    CITADEL_MANAGEMENT("citadel-management", 15314),
    MIXER("mixer", 9091),
    ZIPKIN("zipkin", 19411),
    MIXER_METRICS("mixer-metrics", 42422),
    MIXER_MANAGEMENT("mixer-management", 15214),
    INJECTOR("injector", 9444),
    INJECTOR_MANAGEMENT("injector-management", 15414),
    KAFKA("kafka", 9092);

    private final String key;
    private final int standard;

    MeshPort(String key, int standard) {
        this.key = key;
        this.standard = standard;
    }

    /** The name in {@code status -o json} and in {@code --port NAME=NUMBER}. */
    public String key() {
        return key;
    }

    /** The number where the user asks for no other; inside of the mesh it is always this one. */
    public int standard() {
        return standard;
    }

    public static Optional<MeshPort> named(String key) {
        return Stream.of(values()).filter(port -> port.key.equals(key)).findFirst();
    }
}
