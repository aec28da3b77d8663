package io.flotilla.config.validate;

import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.Problems;

/**
 * The rules of each kind. Each API group has a class of its own that enters its rules ({@link NetworkingRules}); a new
 * group is one more class and one more line here.
 */
public final class Validators {
    private static final RuleBook RULES = new RuleBook();

    static {
        NetworkingRules.addTo(RULES);
        SecurityRules.addTo(RULES);
        ClassicRules.addTo(RULES);
        ExtensionRules.addTo(RULES);
        KubernetesRules.addTo(RULES);
        GatewayApiRules.addTo(RULES);
        CertManagerRules.addTo(RULES);
    }

    private Validators() {}

    /**
     * Adds what is wrong with an object to {@code problems}.
     *
     * @param classic judge by the rules of Istio 1.1 where they differ
     */
    public static void validate(Config<?> config, boolean classic, Problems problems) {
        Check check = new Check(problems, classic);
        RULES.check(config, check);
        FieldsWithoutEffect.check(config.spec(), Check.spec(), check);
    }

    /**
     * As {@link #validate(Config, boolean, Problems)}, where the attributes that manifests declare are known: an
     * attribute that is not in the vocabulary is declared nowhere.
     */
    public static void validate(Config<?> config, Vocabulary vocabulary, Problems problems) {
        RULES.check(config, new Check(problems, true, vocabulary));
    }
}
