package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class LocalPodTest {
    private static final LocalPod POD = LocalPod.read(
            Trees.toStruct((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString("""
                metadata: {name: reviews-v1-0, namespace: shop, uid: u1, labels: {app: reviews}}
                status: {podIP: 10.44.1.2}
                spec:
                  terminationGracePeriodSeconds: 7
                  initContainers:
                    - {name: istio-init, image: i, command: [sh, -c, 'true']}
                    - name: istio-proxy
                      image: envoy
                      restartPolicy: Always
                      command: [envoy]
                      securityContext: {runAsUser: 1337}
                      lifecycle: {preStop: {sleep: {seconds: 5}}}
                      volumeMounts: [{name: istio-token, mountPath: /var/run/secrets/tokens}]
                  containers:
                    - name: reviews
                      image: reviews:1
                      ports: [{name: http, containerPort: 9080}]
                      env:
                        - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                        - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                        - {name: URL, value: 'http://$(IP):80'}
                        - {name: SECRET, valueFrom: {secretKeyRef: {name: s, key: k}}}
                      readinessProbe: {httpGet: {path: /health, port: http}, periodSeconds: 2}
                  volumes:
                    - name: istio-token
                      projected:
                        sources: [{serviceAccountToken: {path: istio-token, audience: istio-ca, expirationSeconds: 600}}]
                    - {name: scratch, emptyDir: {}}
                """)));

    @Test
    void sidecarsAreTheInitContainersThatStay() {
        assertThat(POD.inits()).extracting(LocalContainer::name).containsExactly("istio-init");
        assertThat(POD.sidecars()).extracting(LocalContainer::name).containsExactly("istio-proxy");
        assertThat(POD.sidecars().getFirst().preStop()).isEqualTo(Duration.ofSeconds(5));
        assertThat(POD.sidecars().getFirst().user()).isEqualTo(1337);
        assertThat(POD.hasProxy()).isTrue();
    }

    @Test
    void resolvesFieldsAndVariablesAndLeavesSecretsOut() {
        assertThat(POD.apps().getFirst().entry().environment())
                .containsOnly(
                        Map.entry("IP", "10.44.1.2"),
                        Map.entry("APP", "reviews"),
                        Map.entry("URL", "http://10.44.1.2:80"));
    }

    @Test
    void aProbeMayNameItsPort() {
        assertThat(POD.apps().getFirst().probes().readiness())
                .hasValueSatisfying(probe ->
                        assertThat(probe.check()).isEqualTo(new PodProbe.Check.Http(9080, "/health", Map.of())));
    }

    @Test
    void readsVolumes() {
        assertThat(POD.volumes())
                .containsEntry("istio-token", new LocalVolume.Token("istio-token", "istio-ca", Duration.ofMinutes(10)))
                .containsEntry("scratch", new LocalVolume.Empty());
        assertThat(POD.identity().serviceAccount()).isEqualTo("default");
        assertThat(POD.grace()).isEqualTo(Duration.ofSeconds(7));
    }
}
