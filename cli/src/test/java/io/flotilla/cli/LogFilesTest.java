package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        for (String name : List.of(
                "pilot",
                "mixer",
                "shop_cart-0_istio-proxy",
                "shop_cart-0_cart",
                "web_cart-0_cart",
                "istio-system_edge-0_gateway")) {
            Files.writeString(folder.resolve(name + ".log"), "");
        }
        Files.writeString(folder.resolve("pilot.json"), "");
    }

    @ParameterizedTest
    @CsvSource({
        "pilot, '', '', pilot",
        "istio-pilot, istio-system, discovery, pilot",
        "istiod, '', '', pilot",
        "istio-policy, '', mixer, mixer",
        "cart-0, '', cart, shop_cart-0_cart web_cart-0_cart",
        "cart-0, shop, '', shop_cart-0_cart shop_cart-0_istio-proxy",
        "cart-0.web, '', '', web_cart-0_cart",
        "web/cart-0, '', '', web_cart-0_cart",
        "cart-0, web, istio-proxy, ''",
        "cart, '', '', ''"
    })
    void findsWhatIsMeant(String name, String namespace, String container, String found) throws IOException {
        assertThat(LogFiles.in(folder).of(name, namespace, container))
                .map(file -> file.getFileName().toString().replace(".log", ""))
                .isEqualTo(found.isEmpty() ? List.of() : List.of(found.split(" ", -1)));
    }

    @Test
    void namesWhatThereIs() throws IOException {
        assertThat(LogFiles.in(folder).names())
                .containsExactly("istio-system/edge-0", "mixer", "pilot", "shop/cart-0", "web/cart-0");
        assertThat(LogFiles.in(folder.resolve("none")).names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1, a|b|c|", "0, ''", "1, c|", "2, b|c|", "3, a|b|c|", "9, a|b|c|"})
    void theLastLines(int lines, String expected) {
        assertThat(LogsCommand.last("a\nb\nc\n", lines)).isEqualTo(expected.replace('|', '\n'));
    }
}
