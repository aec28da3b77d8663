package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectionDecisionTest {
    private static final InjectionPolicy ENABLED = policy(InjectionPolicy.Mode.ENABLED);
    private static final InjectionPolicy DISABLED = policy(InjectionPolicy.Mode.DISABLED);

    @ParameterizedTest(name = "{0} in {1}, asks \"{2}\", labelled {3}: enabled {4}, disabled {5}")
    @CsvSource({
        "pod, default,      '',    none,   true,  false",
        "pod, default,      true,  none,   true,  true",
        "pod, default,      on,    none,   true,  true",
        "pod, default,      false, none,   false, false",
        "pod, default,      nope,  always, false, false",
        "pod, default,      '',    never,  false, false",
        "pod, default,      yes,   never,  true,  true",
        "pod, default,      '',    always, true,  true",
        "pod, kube-system,  true,  none,   false, false",
        "pod, istio-system, true,  always, false, false",
        "pod, off,          '',    none,   false, false",
        "pod, off,          true,  none,   true,  true",
    })
    void whoGetsASidecar(
            String name, String namespace, String wish, String label, boolean ifEnabled, boolean ifDisabled) {
        Map<String, Object> pod = Tree.of(
                "metadata",
                Tree.of(
                        "name",
                        name,
                        "labels",
                        Tree.of("set", label),
                        "annotations",
                        Tree.of("sidecar.istio.io/inject", wish)));
        PodContext context = new PodContext(
                namespace, "", namespace.equals("off") ? Map.of("istio-injection", "disabled") : Map.of());
        assertThat(InjectionDecision.reasonToSkip(pod, context, ENABLED).isEmpty())
                .isEqualTo(ifEnabled);
        assertThat(InjectionDecision.reasonToSkip(pod, context, DISABLED).isEmpty())
                .isEqualTo(ifDisabled);
    }

    private static InjectionPolicy policy(InjectionPolicy.Mode mode) {
        return new InjectionPolicy(
                mode,
                List.of(new LabelSelector(Map.of("set", "never"), List.of())),
                List.of(new LabelSelector(
                        Map.of(),
                        List.of(new LabelSelector.Requirement(
                                "set", LabelSelector.Operator.IN, List.of("always", "ever"))))),
                Set.of("kube-system"),
                "istio-system");
    }
}
