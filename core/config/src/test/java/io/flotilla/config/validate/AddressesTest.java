package io.flotilla.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private static final String PART = "(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    private static final Pattern V4 = Pattern.compile(PART + "(\\." + PART + "){3}");

    @Property(tries = 2_000)
    void addressesOfFourPartsAreWhatTheirGrammarSays(
            @ForAll @CharRange(from = '0', to = '3') @Chars({'.', '5', '9'}) @StringLength(max = 15) String text) {
        assertThat(Addresses.isV4(text)).isEqualTo(V4.matcher(text).matches());
    }

    @Property(tries = 500)
    void fourNumbersAreAnAddressUpTo255(
            @ForAll @IntRange(max = 300) int a,
            @ForAll @IntRange(max = 300) int b,
            @ForAll @IntRange(max = 40) int bits) {
        String text = a + ".0." + b + ".10";
        assertThat(Addresses.isV4(text)).isEqualTo(a <= 255 && b <= 255);
        assertThat(Addresses.isCidr(text + "/" + bits)).isEqualTo(a <= 255 && b <= 255 && bits <= 32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "...", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "1..3.4"})
    void whatIsNoAddress(String text) {
        assertThat(Addresses.isV4(text)).isFalse();
        assertThat(Addresses.isIp(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/",
                "10.0.0.0/08",
                "10.0.0.0/33",
                "10.0.0.0/x",
                "10.0.0.0/-1",
                "a/8",
                "10.0.0.0",
                "10.0.0.0/1111"
            })
    void whatIsNoRange(String text) {
        assertThat(Addresses.isCidr(text)).isFalse();
    }
}
