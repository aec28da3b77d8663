package io.flotilla.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts and addresses of policies against what callers write. */
class HostMatchTest {
    @ParameterizedTest
    @CsvSource({
        "a.example.com, A.Example.Com, true",
        "a.example.com, a.example.com., true",
        "a.example.com, a.example.com.:80, true",
        "a.example.com:80, a.example.com.:80, true",
        "a.example.com:80, a.example.com:8080, false",
        "*.example.com:80, a.example.com.:80, true",
        "*.example.com:80, a.example.com:80, true",
        "*.example.com, a.example.com.:80, true",
        "a.example.com:*, a.example.com.:80, true",
        "a.example.com:*, a.example.com, false",
        "a.*, a.example.com, true",
        "a.example.com, axexample.com, false"
    })
    void aNameIsTheSameHoweverItIsWritten(String pattern, String host, boolean matches) {
        assertThat(HostMatch.matches(pattern, host)).isEqualTo(matches);
    }

    @Test
    void aRangeThatEmbedsAnotherFamilyHoldsNobody() {
        assertThat(IpRange.contains("::ffff:10.0.0.0/104", "10.1.2.3")).isFalse();
        assertThat(IpRange.contains("fd00::/16", "10.1.2.3")).isFalse();
        assertThat(IpRange.contains("fd00::/16", "fd00::7")).isTrue();
        assertThat(IpRange.contains("10.0.0.0/8", "10.1.2.3")).isTrue();
    }
}
