package io.flotilla.envoy.tls;

/** Applications of these tests, each with an identity of its own. */
final class Deployments {
    private Deployments() {}

    /** A document: version v1 of the application, as {@code bookinfo-NAME}. */
    static String of(String name) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s-v1}
                spec:
                  selector: {matchLabels: {app: %1$s, version: v1}}
                  template:
                    metadata: {labels: {app: %1$s, version: v1}}
                    spec: {serviceAccountName: bookinfo-%1$s, containers: [{name: app, image: app}]}
                ---
                """.formatted(name);
    }
}
