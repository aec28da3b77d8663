package io.flotilla.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @Test
    void readsEveryKindOfValue() {
        assertThat(JsonReader.read(" {\"a\": [1, -2.5e1, true, null, {}], \"b\\u0041\\n\": \"\\\"x\" } "))
                .contains(Map.of("a", List.of(1.0, -25.0, true, JsonReader.NULL, Map.of()), "bA\n", "\"x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":null,\"a\":2}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"",
                "{\"a\" 1}"
            })
    void leavesNothingToTaste(String text) {
        assertThat(JsonReader.read(text)).isEmpty();
    }

    @Test
    void nestsNoDeeperThanItShould() {
        assertThat(JsonReader.read("{\"a\":" + "[".repeat(14) + "1" + "]".repeat(14) + "}"))
                .isPresent();
        assertThat(JsonReader.read("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .isEmpty();
    }
}
