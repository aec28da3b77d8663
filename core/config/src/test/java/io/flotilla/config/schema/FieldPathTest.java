package io.flotilla.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldPathTest {
    @Test
    void readsWhatItWrites() {
        FieldPath path = FieldPath.ROOT
                .field("spec")
                .field("http")
                .item(3)
                .field("headers")
                .field("x.y/z")
                .field("a[b");
        assertThat(path).hasToString("spec.http[3].headers[\"x.y/z\"][\"a[b\"]");
        assertThat(FieldPath.parse(path.toString())).hasToString(path.toString());
    }

    @Test
    void anyTextIsSomePath() {
        Random random = new Random(7);
        String letters = "a.[]\"09/";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(FieldPath.parse(text.toString())).as(text.toString()).isNotNull();
        }
    }
}
