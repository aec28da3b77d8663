package io.flotilla.identity.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.ServiceAccount;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootstrapTokenTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private final BootstrapToken token = BootstrapToken.random(RANDOM);
    private final BootstrapToken.Grant grant = token.grant(new ServiceAccount("vms", "billing"), NOW.plusSeconds(600));

    @Test
    void opensItsGrantUntilItsEnd() {
        BootstrapToken shown = BootstrapToken.parse(token.text()).orElseThrow();
        assertThat(grant.refusal(shown, NOW)).isEmpty();
        assertThat(grant.refusal(shown, NOW.plusSeconds(600)))
                .hasValueSatisfying(why -> assertThat(why).contains("ended"));
    }

    @Test
    void anotherSecretUnderTheSameIdOpensNothing() {
        BootstrapToken guessed =
                new BootstrapToken(token.id(), BootstrapToken.random(RANDOM).secret());
        assertThat(grant.refusal(guessed, NOW)).isPresent();
    }

    @Test
    void theSecretIsNeitherKeptNorShown() {
        assertThat(grant.toString() + token).doesNotContain(token.secret());
    }

    @Test
    void otherTextsAreNone() {
        for (String text : List.of(
                "", "flotilla-vm..", token.text() + "x", token.text().toUpperCase(java.util.Locale.ROOT), "a.b.c")) {
            assertThat(BootstrapToken.parse(text)).as(text).isEmpty();
        }
    }
}
