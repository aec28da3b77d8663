package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API server that other tests stand on: it keeps what it was given, whatever is killed. */
@OfServices
class ApiServerIT {
    @TempDir
    Path folder;

    @Test
    void keepsWhatItWasGivenOverKillsOfEitherProcess() {
        try (ApiServer api = ApiServer.start(folder)) {
            api.installCrds();
            api.applyOrFail("""
                    apiVersion: networking.istio.io/v1alpha3
                    kind: VirtualService
                    metadata: {name: reviews, namespace: default}
                    spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}
                    """);
            api.killServer();
            api.startServer();
            assertThat(api.kubectl("get", "virtualservices.v1.networking.istio.io", "-o", "name")
                            .out())
                    .isEqualTo("virtualservice.networking.istio.io/reviews\n");
            api.killServer();
            api.killEtcd();
            api.startEtcd();
            api.startServer();
            assertThat(api.kubectl("get", "vs", "reviews", "-o", "jsonpath={.spec.hosts[0]}")
                            .out())
                    .isEqualTo("reviews");
        }
    }
}
