package io.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @Test
    void readsWhatItWrites() {
        SpiffeId id = SpiffeId.of("cluster.local", "default", "bookinfo-reviews");
        assertThat(id.uri()).isEqualTo("spiffe://cluster.local/ns/default/sa/bookinfo-reviews");
        assertThat(SpiffeId.parse(id.uri())).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "https://cluster.local/ns/a/sa/b",
                "SPIFFE://cluster.local/ns/a/sa/b",
                "spiffe://Cluster.local/ns/a/sa/b",
                "spiffe:///ns/a/sa/b",
                "spiffe://cluster.local/ns/a/sa/b/",
                "spiffe://cluster.local/ns/a/sa/",
                "spiffe://cluster.local/ns//sa/b",
                "spiffe://cluster.local/ns/a/sa/b?x=1",
                "spiffe://cluster.local/ns/a/sa/b#x",
                "spiffe://cluster.local/ns/a/sa/B",
                "spiffe://cluster.local/ns/a%2fb/sa/b",
                "spiffe://cluster.local/ns/a/sa/b..c",
                "spiffe://cluster.local/ns/a.b/sa/b",
                "spiffe://cluster.local:443/ns/a/sa/b",
                "spiffe://user@cluster.local/ns/a/sa/b",
                "spiffe://cluster.local/sa/a/ns/b",
                "spiffe://cluster.local/ns/a/sa/b\u0000"
            })
    void refusesEveryOtherForm(String uri) {
        assertThat(SpiffeId.parse(uri)).isEmpty();
    }

    @Test
    void anAccountCannotSmuggleAPath() {
        assertThatThrownBy(() -> new ServiceAccount("default", "a/sa/b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(ServiceAccount.parse("default/sa/admin", "x")).isEmpty();
        assertThat(ServiceAccount.parse("a".repeat(64), "x")).isEmpty();
        assertThat(ServiceAccount.parse("a", "x".repeat(254))).isEmpty();
    }
}
