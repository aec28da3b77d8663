package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import org.junit.jupiter.api.Test;

class AskTest {
    @Test
    void oneReasonOfTwoEnvoysIsOneText() {
        assertThat(error("invalid JSON in  envoy.config, near  1:18 (offset   17): no such   field"))
                .isEqualTo(error("invalid JSON in envoy.config, near 1:18 (offset  17): no  such field"))
                .isEqualTo("invalid JSON in envoy.config, near 1:18 (offset 17): no such field");
    }

    @Test
    void reasonWithoutATextIsItsCode() {
        DiscoveryRequest request = DiscoveryRequest.newBuilder()
                .setErrorDetail(Status.newBuilder().setCode(13))
                .build();
        assertThat(Ask.of(request).error()).isEqualTo("code 13");
        assertThat(Ask.of(DiscoveryRequest.getDefaultInstance()).error()).isNull();
    }

    private static String error(String message) {
        DiscoveryRequest request = DiscoveryRequest.newBuilder()
                .setErrorDetail(Status.newBuilder().setCode(13).setMessage(message))
                .build();
        return String.valueOf(Ask.of(request).error());
    }
}
