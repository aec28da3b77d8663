package io.flotilla.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void servicesAreFoundByTheirNamesUnlessToldOtherwise() {
        assertThat(Settings.of(Map.of()).services().details().host()).isEqualTo("details");
        assertThat(Settings.of(Map.of()).services().details().port()).isEqualTo(9080);
        Services elsewhere = Settings.of(Map.of(
                        "SERVICES_DOMAIN", "shop.svc", "RATINGS_HOSTNAME", "stars", "RATINGS_SERVICE_PORT", "81"))
                .services();
        assertThat(elsewhere.reviews().host()).isEqualTo("reviews.shop.svc");
        assertThat(elsewhere.ratings().host()).isEqualTo("stars.shop.svc");
        assertThat(elsewhere.ratings().port()).isEqualTo(81);
    }

    @Test
    void callsGoThroughTheProxyThatTheEnvironmentNames() {
        Services services =
                Settings.of(Map.of("http_proxy", "http://127.44.0.9:15001")).services();

        assertThat(services.ratings().proxy().type()).isEqualTo(Proxy.Type.HTTP);
        assertThat(services.ratings().proxy().address()).isEqualTo(new InetSocketAddress("127.44.0.9", 15001));
        assertThat(Settings.of(Map.of()).services().ratings().proxy()).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void onlyBlackStarsArePatientWithRatings() {
        assertThat(Settings.of(Map.of()).stars()).isEqualTo(new Stars.None());
        assertThat(Settings.of(Map.of("ENABLE_RATINGS", "true")).stars()).isEqualTo(new Stars.Coloured("black"));
        assertThat(new Stars.Coloured("black").patience()).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Stars.Coloured("red").patience()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void thePortIsAnArgumentOrPortOrTheRolesOwn() {
        Settings settings = Settings.of(Map.of("PORT", "81", "FLOTILLA_BIND", "127.45.0.9"));

        assertThat(settings.address(List.of("82"), 80)).isEqualTo(new InetSocketAddress("127.45.0.9", 82));
        assertThat(settings.address(List.of(), 80).getPort()).isEqualTo(81);
        assertThat(Settings.of(Map.of()).address(List.of(), 80)).isEqualTo(new InetSocketAddress("0.0.0.0", 80));
        assertThatThrownBy(() -> settings.address(List.of("x"), 80)).hasMessageContaining("port must be a number");
    }

    @Test
    void echoFailsWhereItIsTold() {
        assertThat(Settings.of(Map.of()).status()).isEmpty();
        assertThat(Settings.of(Map.of("ECHO_STATUS", "503")).status()).hasValue(503);
        assertThatThrownBy(() -> Settings.of(Map.of("ECHO_STATUS", "600")).status())
                .hasMessage("ECHO_STATUS must be a number from 200 to 599: 600");
    }
}
