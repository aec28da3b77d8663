package io.flotilla.config.analysis;

import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;

/**
 * One code of the catalogue: what a finding means, whatever object it is about.
 *
 * @param code        "FA0101"; never reused
 * @param severity    of every finding with this code
 * @param title       one line, as lists show it
 * @param explanation one paragraph: what happens, why, and what to do
 * @param istio       codes of Istio's analysis that say the same ("IST0101")
 * @param kiali       codes of Kiali's validations that say the same ("KIA1101")
 */
public record Entry(
        String code, Severity severity, String title, String explanation, List<String> istio, List<String> kiali) {
    public Entry {
        explanation = String.join(" ", explanation.strip().split("\\s+", -1));
        istio = List.copyOf(istio);
        kiali = List.copyOf(kiali);
    }

    /** Something does not work. */
    public static Entry error(String code, String title, String explanation) {
        return new Entry(code, Severity.ERROR, title, explanation, List.of(), List.of());
    }

    /** Something probably does not do what its author meant. */
    public static Entry warning(String code, String title, String explanation) {
        return new Entry(code, Severity.WARNING, title, explanation, List.of(), List.of());
    }

    /** Worth knowing. */
    public static Entry info(String code, String title, String explanation) {
        return new Entry(code, Severity.INFO, title, explanation, List.of(), List.of());
    }

    /** The same with codes of Istio's analysis. */
    public Entry istio(String... codes) {
        return new Entry(code, severity, title, explanation, List.of(codes), kiali);
    }

    /** The same with codes of Kiali's validations. */
    public Entry kiali(String... codes) {
        return new Entry(code, severity, title, explanation, istio, List.of(codes));
    }

    /** This code, or one of the codes of others that it stands for. */
    boolean answersTo(String name) {
        return code.equals(name) || istio.contains(name) || kiali.contains(name);
    }
}
