package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectionConfigTest {
    private static final String CONFIG = """
            policy: disabled
            neverInjectSelector:
            - matchExpressions:
              - {key: job-name, operator: Exists}
            alwaysInjectSelector:
            - matchLabels: {mesh: always}
              matchExpressions:
              - {key: tier, operator: NotIn, values: [batch]}
            template: |
              whatever
            """;

    @Test
    void readsThePolicyAndBothSelectors() {
        InjectionConfig config = InjectionConfig.read(CONFIG, InjectionPolicy.DEFAULT);
        assertThat(config.problems()).isEmpty();
        assertThat(config.warnings()).containsExactly("template: has no effect");
        InjectionPolicy policy = config.policy();
        assertThat(policy.mode()).isEqualTo(InjectionPolicy.Mode.DISABLED);
        assertThat(policy.never().getFirst().selects(Map.of("job-name", "a"))).isTrue();
        assertThat(policy.always().getFirst().selects(Map.of("mesh", "always"))).isTrue();
        assertThat(policy.always().getFirst().selects(Map.of("mesh", "always", "tier", "batch")))
                .isFalse();
        assertThat(policy.controlPlane()).isEqualTo("istio-system");
    }

    @Test
    void readsTheConfigMapToo() {
        String map = "kind: ConfigMap\ndata:\n  config: |\n" + CONFIG.indent(4);
        assertThat(InjectionConfig.read(map, InjectionPolicy.DEFAULT).policy())
                .isEqualTo(InjectionConfig.read(CONFIG, InjectionPolicy.DEFAULT).policy());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy: maybe | policy: must be enabled or disabled, not \"maybe\"",
                "neverInjectSelector: x | neverInjectSelector: must be a list",
                "alwaysInjectSelector: [{matchExpressions: [{key: a, operator: Gt}]}] | alwaysInjectSelector.matchExpressions"
                        + ".operator: must be In, NotIn, Exists or DoesNotExist, not \"Gt\""
            })
    void whatCannotBeReadIsAProblem(String yaml, String problem) {
        assertThat(InjectionConfig.read(yaml, InjectionPolicy.DEFAULT).problems())
                .containsExactly(problem);
    }
}
