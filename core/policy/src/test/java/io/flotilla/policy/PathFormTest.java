package io.flotilla.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths as Envoy 1.40 was seen to pass them on; DifferentialTest asks it about others. */
class PathFormTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = ' ',
            value = {
                "/a/../b /b",
                "/a/%2e%2E/b /b",
                "/%61%7Eb /a~b",
                "/a%2Fb /a%2Fb",
                "/a%5cb /a%5cb",
                "/a\\\\b /a//b",
                "/a|b^c /a%7Cb%5Ec",
                "/a/..;x/b /b",
                "/a/..;x /",
                "/a/.;x /a/",
                "/a/..;x\\b / ",
                "/a/%2e%2e;x/b /a/..;x/b",
                "/a/...;x/b /a/...;x/b",
                "/a/..%3b/b /a/..%3b/b",
                "/a%zz /a%zz",
                "/a%2 /a%2",
                "/a//b /a//b",
                "/.. /",
            })
    void dotSegmentsAndEscapesAreResolved(String sent, String seen) {
        assertThat(PathForm.of(NormalizationType.BASE, sent)).isEqualTo(seen);
        assertThat(PathForm.whole(NormalizationType.BASE, sent + "?a=%61/..")).isEqualTo(seen + "?a=%61/..");
        assertThat(PathForm.of(NormalizationType.NONE, sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/a//b /a/b",
                "/%2F/. //",
                "//a /a",
                "/a%2F..;x/b /b",
                "/a/..;x%5cb/c /c",
                "/a/..;x%2Fb /b",
                "/a%5c%5Cb /a/b"
            })
    void slashesAreDecodedAndMerged(String sent, String seen) {
        assertThat(PathForm.of(NormalizationType.DECODE_AND_MERGE_SLASHES, sent))
                .isEqualTo(seen);
    }
}
