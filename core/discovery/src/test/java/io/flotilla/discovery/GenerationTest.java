package io.flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationTest {
    @ParameterizedTest(name = "{0} over {1}: {2}")
    @CsvSource({
        "1;a=2;b=3, 1;a=2;b=3, true",
        "1;a=3;b=3, 1;a=2;b=3, true",
        "1;a=3;b=2, 1;a=2;b=3, false",
        "1;a=3, 1;a=2;b=3, false",
        "1;a=2;b=3;c=1, 1;a=2;b=3, true",
        "2;a=1, 1;a=9, true",
        "1;a=9, 2;a=1, false",
        "1;a=1, 0, true",
        "0, 1;a=1, false",
    })
    void dominates(String one, String other, boolean expected) {
        assertThat(parse(one).dominates(parse(other))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1;a=2;b=3", "0", "7;kubernetes=12-3=4"})
    void readsWhatItWrites(String text) {
        assertThat(parse(text)).hasToString(text);
        assertThat(StateVersion.parse(StateVersion.text(parse(text), "00ff", true)))
                .contains(new StateVersion(parse(text), "00ff", true));
        StateVersion whole = new StateVersion(parse(text), "00ff", false, true);
        assertThat(StateVersion.parse(whole.toString())).contains(whole);
    }

    @ParameterizedTest
    @CsvSource({"x", "1;a", "1;a=x", "''"})
    void anotherServersVersionIsNone(String text) {
        assertThat(Generation.parse(text)).isEmpty();
        assertThat(StateVersion.parse(text)).isEmpty();
    }

    private static Generation parse(String text) {
        return Generation.parse(text).orElseThrow();
    }
}
