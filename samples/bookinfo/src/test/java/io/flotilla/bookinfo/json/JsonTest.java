package io.flotilla.bookinfo.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "-0.5e+3",
                "{\"b\":[1,true,{\"a\":\"x\"}],\"a\":\"\"}",
                "\"\\u0007 \\\" \\\\ ★\""
            })
    void whatIsWrittenIsWhatWasRead(String text) {
        assertThat(Json.parse(text)).map(Json::text).hasValue(text);
    }

    @Test
    void escapesAndBlanksAreRead() {
        assertThat(Json.parse(" { \"a\" : \"\\n\\u00e4\\/\" } "))
                .hasValue(new Json.Obj(Map.of("a", new Json.Str("\nä/"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\"}",
                "01",
                "+1",
                "nul",
                "\"\n\"",
                "\"\\x\"",
                "\"\\u12\"",
                "1 2",
                "{,}",
                "[\"a\""
            })
    void anythingElseIsRefused(String text) {
        assertThat(Json.parse(text)).isEmpty();
    }

    @Test
    void aBottomlessPitIsRefused() {
        assertThat(Json.parse("[".repeat(100_000))).isEmpty();
    }
}
