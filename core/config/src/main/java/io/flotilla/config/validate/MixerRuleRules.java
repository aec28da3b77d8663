package io.flotilla.config.validate;

import io.flotilla.api.policy.v1beta1.Action;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.api.policy.v1beta1.Rule.HeaderOperationTemplate;
import io.flotilla.api.policy.v1beta1.Sampling;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rule of Mixer: when it holds, which handlers get which instances, and which headers change. */
final class MixerRuleRules {
    private static final Pattern ACTION_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern OUTPUT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\.output\\.[A-Za-z0-9_.]+");

    private final Check check;
    private final Set<String> actionNames = new HashSet<>();

    private MixerRuleRules(Check check) {
        this.check = check;
    }

    static void check(Config<Rule> config, Check check) {
        new MixerRuleRules(check).rule(config.spec(), Check.spec());
    }

    private void rule(Rule rule, FieldPath at) {
        if (!rule.getMatch().isEmpty()) {
            new Expressions(check).of(ExpressionType.BOOL, rule.getMatch(), at.field("match"));
        }
        boolean headers = rule.getRequestHeaderOperationsCount() + rule.getResponseHeaderOperationsCount() > 0;
        check.require(
                rule.getActionsCount() > 0 || headers,
                "FL0414",
                at.field("actions"),
                "a rule needs an action or an operation on headers");
        for (int i = 0; i < rule.getActionsCount(); i++) {
            action(rule.getActions(i), at.field("actions").item(i));
        }
        operations(rule.getRequestHeaderOperationsList(), at.field("requestHeaderOperations"));
        operations(rule.getResponseHeaderOperationsList(), at.field("responseHeaderOperations"));
        sampling(rule.getSampling(), at.field("sampling"));
    }

    private void action(Action action, FieldPath at) {
        if (action.getHandler().isEmpty()) {
            check.error("FL0414", at.field("handler"), "is required");
        } else {
            MixerNames.reference(action.getHandler(), kinds("handler", Adapters.names()), at.field("handler"), check);
        }
        FieldPath instances = at.field("instances");
        check.require(action.getInstancesCount() > 0, "FL0414", instances, "an action needs an instance");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < action.getInstancesCount(); i++) {
            String instance = action.getInstances(i);
            MixerNames.reference(instance, kinds("instance", Templates.names()), instances.item(i), check);
            check.require(seen.add(instance), "FL0414", instances.item(i), "\"" + instance + "\" is given twice");
        }
        if (!action.getName().isEmpty()) {
            FieldPath name = at.field("name");
            check.require(
                    ACTION_NAME.matcher(action.getName()).matches(),
                    "FL0414",
                    name,
                    "\"" + action.getName() + "\" cannot be named in expressions: letters, digits and \"_\"");
            check.require(
                    actionNames.add(action.getName()), "FL0414", name, "\"" + action.getName() + "\" is given twice");
        }
    }

    private static List<String> kinds(String own, List<String> shorthand) {
        List<String> kinds = new ArrayList<>(shorthand);
        kinds.add(own);
        return kinds;
    }

    private void operations(List<HeaderOperationTemplate> operations, FieldPath at) {
        for (int i = 0; i < operations.size(); i++) {
            HeaderOperationTemplate operation = operations.get(i);
            FieldPath values = at.item(i).field("values");
            check.headerName(operation.getName(), "FL0416", at.item(i).field("name"));
            if (operation.getOperation() == HeaderOperationTemplate.Operation.REMOVE) {
                if (operation.getValuesCount() > 0) {
                    check.warning("FL0461", values, "has no effect: a header that is removed has no value");
                }
            } else {
                check.require(operation.getValuesCount() > 0, "FL0416", values, "is required");
            }
            for (int j = 0; j < operation.getValuesCount(); j++) {
                value(operation.getValues(j), values.item(j));
            }
        }
    }

    /** An expression over attributes and over what actions put out, of which the types are elsewhere. */
    private void value(String text, FieldPath at) {
        Map<String, ExpressionType> outputs = new TreeMap<>();
        Matcher found = OUTPUT.matcher(text);
        while (found.find()) {
            check.require(
                    actionNames.contains(found.group(1)),
                    "FL0416",
                    at,
                    "no action of this rule has the name \"" + found.group(1) + "\"");
            outputs.put(found.group(), ExpressionType.STRING);
        }
        new Expressions(check, check.vocabulary().with(outputs)).of(ExpressionType.STRING, text, at);
    }

    private void sampling(Sampling sampling, FieldPath at) {
        if (sampling.hasRandom()) {
            FieldPath random = at.field("random");
            String expression = sampling.getRandom().getAttributeExpression();
            if (!expression.isEmpty()) {
                new Expressions(check)
                        .any(expression, random.field("attributeExpression"))
                        .ifPresent(type -> check.require(
                                type == ExpressionType.INT64 || type == ExpressionType.DOUBLE,
                                "FL0417",
                                random.field("attributeExpression"),
                                "must be a number, not " + type));
            }
            var percent = sampling.getRandom().getPercentSampled();
            long most = percent.getDenominatorValue() == 0 ? 100 : 10_000;
            check.require(
                    Integer.toUnsignedLong(percent.getNumerator()) <= most,
                    "FL0417",
                    random.field("percentSampled").field("numerator"),
                    "must be at most the denominator, " + most);
        }
        if (sampling.hasRateLimit()) {
            FieldPath limit = at.field("rateLimit");
            check.duration(sampling.getRateLimit().getSamplingDuration(), limit.field("samplingDuration"));
            check.require(
                    sampling.getRateLimit().getMaxUnsampledEntries() >= 0,
                    "FL0417",
                    limit.field("maxUnsampledEntries"),
                    "must not be negative");
            check.require(
                    sampling.getRateLimit().getSamplingRate() > 0,
                    "FL0417",
                    limit.field("samplingRate"),
                    "must be at least 1: one request of so many is taken");
        }
    }
}
