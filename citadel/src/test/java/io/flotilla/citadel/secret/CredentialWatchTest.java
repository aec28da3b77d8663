package io.flotilla.citadel.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.discovery.Resource;
import io.flotilla.identity.ServiceAccount;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialWatchTest {
    private static final ServiceAccount CART = new ServiceAccount("shop", "cart");

    private Optional<String> now = Optional.of("first");
    private boolean away;

    private final CredentialWatch watch = new CredentialWatch(
            (reader, name) -> {
                if (away) {
                    throw new IOException("away");
                }
                assertThat(reader).isEqualTo(CART);
                return now.map(text -> Secret.newBuilder().setName(name + text).build());
            },
            CART);

    private List<String> names() {
        return watch.resources().stream().map(Resource::name).toList();
    }

    @Test
    void onlyCredentialsAreLookedFor() {
        assertThat(watch.want(List.of("default", "ROOTCA"))).isFalse();
        assertThat(watch.look()).isFalse();
        assertThat(names()).isEmpty();
        assertThat(watch.idle()).isTrue();

        assertThat(watch.want(List.of("default", "kubernetes://bank"))).isTrue();
        assertThat(watch.want(List.of("kubernetes://bank"))).isFalse();
        assertThat(watch.look()).isTrue();
        assertThat(names()).containsExactly("kubernetes://bank");
    }

    @Test
    void whatChangesIsToldAndWhatIsTakenAwayIsGone() {
        watch.want(List.of("kubernetes://bank"));
        watch.look();
        Resource first = watch.resources().getFirst();
        assertThat(watch.look()).isFalse();
        now = Optional.of("second");
        assertThat(watch.look()).isTrue();
        assertThat(watch.resources().getFirst().version()).isNotEqualTo(first.version());
        now = Optional.empty();
        assertThat(watch.look()).isTrue();
        assertThat(names()).isEmpty();
    }

    @Test
    void whatNobodyCanTellStaysAsItWas() {
        watch.want(List.of("kubernetes://bank"));
        watch.look();
        away = true;
        assertThat(watch.look()).isFalse();
        assertThat(names()).containsExactly("kubernetes://bank");
    }
}
