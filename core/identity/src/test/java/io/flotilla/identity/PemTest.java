package io.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final byte[] BYTES = "some bytes that fill more than a single line of text of sixty-four characters"
            .getBytes(StandardCharsets.UTF_8);

    @Test
    void readsSeveralBlocksAndPassesOverTextBetween() {
        String text = "subject: x\n" + Pem.encode("CERTIFICATE", BYTES) + "\nmore\n" + Pem.encode("OTHER", BYTES);
        assertThat(Pem.decode(text)).hasValueSatisfying(blocks -> {
            assertThat(blocks).extracting(Pem.Block::label).containsExactly("CERTIFICATE", "OTHER");
            assertThat(blocks.getFirst().der()).isEqualTo(BYTES);
        });
    }

    @Test
    void aLineHasSixtyFourCharacters() {
        assertThat(Pem.encode("X", BYTES).lines().mapToInt(String::length).max())
                .hasValue(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN X",
                "-----BEGIN X-----",
                "-----BEGIN X-----\nAAAA\n",
                "-----BEGIN X-----\nAAAA\n-----END Y-----\n",
                "-----BEGIN X-----\n????\n-----END X-----\n"
            })
    void refusesBrokenBlocks(String text) {
        assertThat(Pem.decode(text)).isEmpty();
    }

    @Test
    void aKeyPairComesBackOnlyWhole() {
        var pair = KeyForms.generate(new java.security.SecureRandom());
        var other = KeyForms.generate(new java.security.SecureRandom());
        assertThat(KeyForms.parsePair(KeyForms.pairPem(pair)))
                .hasValueSatisfying(read -> assertThat(read.getPublic()).isEqualTo(pair.getPublic()));
        String mixed = KeyForms.privatePem(pair.getPrivate())
                + Pem.encode("PUBLIC KEY", other.getPublic().getEncoded());
        assertThat(KeyForms.parsePair(mixed)).isEmpty();
        assertThat(KeyForms.parsePair(KeyForms.privatePem(pair.getPrivate()))).isEmpty();
    }
}
