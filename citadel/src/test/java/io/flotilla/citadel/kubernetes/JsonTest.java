package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    /** A real API server refuses 86399.0 where it wants a whole number. */
    @Test
    void wholeNumbersAreWrittenWithoutAFraction() throws IOException {
        assertThat(Json.print(Struct.newBuilder()
                        .putFields("expirationSeconds", number(86_399))
                        .build()))
                .isEqualTo("{\"expirationSeconds\":86399}");
        assertThat(Json.print(
                        Struct.newBuilder().putFields("share", number(0.5)).build()))
                .isEqualTo("{\"share\":0.5}");
        assertThat(Json.print(
                        Struct.newBuilder().putFields("big", number(1e300)).build()))
                .isEqualTo("{\"big\":1.0E300}");
    }
}
