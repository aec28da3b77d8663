package io.flotilla.envoy.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.flotilla.config.snapshot.Revoked;
import io.flotilla.envoy.EnvoyTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevokedPeersTest {
    private static final String REVIEWS = "spiffe://cluster.local/ns/default/sa/reviews";

    @Test
    void saysNothingWhileNothingIsRevoked() {
        assertThat(RevokedPeers.configs(Revoked.NOTHING))
                .extracting(TypedExtensionConfig::getName)
                .containsExactly("flotilla.revoked.http", "flotilla.revoked.tcp");
        assertThat(RevokedPeers.configs(Revoked.NOTHING))
                .allSatisfy(config -> assertThat(EnvoyTypes.json(config)).doesNotContain("DENY", "policies"));
    }

    @Test
    void deniesTheSameOverHttpAndTcp() {
        List<TypedExtensionConfig> configs =
                RevokedPeers.configs(new Revoked(List.of(REVIEWS), List.of("abc"), List.of(), ""));
        assertThat(configs)
                .allSatisfy(config -> assertThat(EnvoyTypes.json(config))
                        .contains("DENY", "\"" + REVIEWS + "\"")
                        .as("whole bytes")
                        .contains("\"0abc\""));
    }
}
