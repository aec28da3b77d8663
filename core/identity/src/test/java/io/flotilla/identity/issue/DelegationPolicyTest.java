package io.flotilla.identity.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.identity.ServiceAccount;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelegationPolicyTest {
    private static final ServiceAccount AGENT = new ServiceAccount("kube-system", "node-agent");
    private static final ServerNames SERVERS = ServerNames.controlPlane("istio-system", "cluster.local");

    private static boolean allows(ServiceAccount account, String... rules) {
        return DelegationPolicy.parse(List.of(rules)).allows(AGENT, account, SERVERS);
    }

    @Test
    void onlyWhatIsWrittenIsAllowed() {
        ServiceAccount reviews = new ServiceAccount("default", "reviews");
        assertThat(allows(reviews)).isFalse();
        assertThat(allows(reviews, "kube-system/node-agent=default/reviews")).isTrue();
        assertThat(allows(reviews, "kube-system/node-agent=prod/*", "kube-system/node-agent=default/*"))
                .isTrue();
        assertThat(allows(reviews, "kube-system/node-agent=default/ratings")).isFalse();
        assertThat(allows(reviews, "kube-system/other=default/*")).isFalse();
    }

    @Test
    void aNamespaceDoesNotStandForTheControlPlane() {
        ServiceAccount pilot = new ServiceAccount("istio-system", "istio-pilot-service-account");
        assertThat(allows(pilot, "kube-system/node-agent=istio-system/*")).isFalse();
        assertThat(allows(pilot, "kube-system/node-agent=istio-system/istio-pilot-service-account"))
                .isTrue();
    }

    @Test
    void aRuleThatIsNoneIsNamed() {
        for (String rule : List.of("", "a=b", "*/*=default/*", "a/b=*", "a/b=c/d=e/f")) {
            assertThatThrownBy(() -> DelegationPolicy.parse(List.of(rule)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + rule + "\"");
        }
    }
}
