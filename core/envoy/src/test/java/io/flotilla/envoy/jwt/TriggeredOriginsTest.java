package io.flotilla.envoy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenPolicy.Origin;
import io.flotilla.config.authentication.TokenPolicy.PathPattern;
import io.flotilla.config.authentication.TokenPolicy.Trigger;
import io.flotilla.config.authentication.TokenRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TriggeredOriginsTest {
    private static Origin origin(int number, int triggers) {
        TokenRule rule = new TokenRule(
                "issuer" + number,
                List.of(),
                "",
                new TokenRule.Places(List.of(), List.of(), List.of()),
                new TokenRule.Outputs(true, "", List.of()),
                List.of());
        return new Origin(
                rule,
                IntStream.range(0, triggers)
                        .mapToObj(i -> new Trigger(List.of(), List.of(new PathPattern.Exact("/" + number + "/" + i))))
                        .toList());
    }

    private static int rules(int origins, int triggers) {
        return TriggeredOrigins.rules(new TokenPolicy.Classic(
                        IntStream.range(0, origins)
                                .mapToObj(i -> origin(i, triggers))
                                .toList(),
                        false))
                .size();
    }

    @Test
    void aRuleForEachWayInWhichOriginsAreTriggered() {
        assertThat(rules(1, 0)).isEqualTo(1);
        assertThat(rules(2, 1)).isEqualTo(3);
        assertThat(rules(2, 3)).isEqualTo(15);
    }

    @Test
    void tooManyWaysAskForATokenEverywhere() {
        assertThat(rules(6, 20)).isEqualTo(1);
        assertThat(rules(20, 1)).isEqualTo(1);
    }
}
