package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.world.MeshYaml;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownProxyTest {
    @ParameterizedTest
    @CsvSource({"'', said, said", "near, said, near", "near, '', near", "'', '', ''"})
    void theNetworkIsTheOneOfTheRegistryOrElseTheOneThatTheNodeTells(String registered, String said, String network) {
        MeshSnapshot mesh = MeshYaml.of(MeshYaml.sidecar("web", "10.44.1.1", registered));
        Proxy.Pod pod = new Proxy.Pod("web-0", "default", "web", "10.44.1.1", said, Map.of());
        Proxy proxy = new Proxy("id", Proxy.Role.SIDECAR, pod, "", new Capture.Redirect(), "", Map.of());

        assertThat(KnownProxy.view(proxy, mesh).network()).isEqualTo(network);
    }
}
