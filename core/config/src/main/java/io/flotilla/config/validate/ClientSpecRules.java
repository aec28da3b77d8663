package io.flotilla.config.validate;

import io.flotilla.api.mixer.v1.config.client.AttributeMatch;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpecBinding;
import io.flotilla.api.mixer.v1.config.client.IstioService;
import io.flotilla.api.mixer.v1.config.client.QuotaRule;
import io.flotilla.api.mixer.v1.config.client.QuotaSpec;
import io.flotilla.api.mixer.v1.config.client.QuotaSpecBinding;
import io.flotilla.api.mixer.v1.config.client.StringMatch;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What proxies are told about quotas, and which services it is for. */
final class ClientSpecRules {
    private ClientSpecRules() {}

    static void quotas(Config<QuotaSpec> config, Check check) {
        FieldPath at = Check.spec().field("rules");
        check.require(config.spec().getRulesCount() > 0, "FL0440", at, "needs a rule");
        for (int i = 0; i < config.spec().getRulesCount(); i++) {
            rule(config.spec().getRules(i), at.item(i), check);
        }
    }

    private static void rule(QuotaRule rule, FieldPath at, Check check) {
        for (int i = 0; i < rule.getMatchCount(); i++) {
            match(rule.getMatch(i), at.field("match").item(i).field("clause"), check);
        }
        FieldPath quotas = at.field("quotas");
        check.require(rule.getQuotasCount() > 0, "FL0440", quotas, "needs a quota");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < rule.getQuotasCount(); i++) {
            String name = rule.getQuotas(i).getQuota();
            FieldPath quota = quotas.item(i);
            check.require(!name.isEmpty(), "FL0440", quota.field("quota"), "is required");
            if (!name.isEmpty() && !Names.isSubdomain(name)) {
                // Istio 1.1 takes it, and its own instructions have such names.
                check.warning(
                        "FL0461",
                        quota.field("quota"),
                        "has no effect: no instance has the name \"" + name + "\"" + lower(name));
            }
            check.require(
                    name.isEmpty() || seen.add(name),
                    "FL0440",
                    quota.field("quota"),
                    "\"" + name + "\" is given twice");
            long charge = rule.getQuotas(i).getCharge();
            check.require(charge > 0, "FL0440", quota.field("charge"), "must be greater than 0, not " + charge);
        }
    }

    private static String lower(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Names.isSubdomain(lower) ? "; names are in lower case, did you mean \"" + lower + "\"" : "";
    }

    private static void match(AttributeMatch match, FieldPath at, Check check) {
        check.require(match.getClauseCount() > 0, "FL0440", at, "needs a condition");
        match.getClauseMap().forEach((attribute, condition) -> {
            FieldPath place = at.field(attribute);
            ExpressionType type = check.vocabulary().type(attribute).orElse(null);
            if (type == null) {
                check.warning(
                        "FL0412",
                        place,
                        "unknown attribute \"" + attribute + "\""
                                + Spelling.suggestion(
                                        attribute, check.vocabulary().names())
                                + "; only an attributemanifest can declare it");
            } else {
                check.require(
                        type == ExpressionType.STRING,
                        "FL0440",
                        place,
                        "\"" + attribute + "\" has type " + type + "; only texts are compared");
            }
            condition(condition, place, check);
        });
    }

    private static void condition(StringMatch condition, FieldPath at, Check check) {
        String text = switch (condition.getMatchTypeCase()) {
            case EXACT -> condition.getExact();
            case PREFIX -> condition.getPrefix();
            case REGEX -> condition.getRegex();
            case MATCHTYPE_NOT_SET -> "";
        };
        check.require(!text.isEmpty(), "FL0440", at, "needs exact, prefix or regex with a text");
        if (condition.hasRegex()) {
            check.regex(text, at.field("regex"));
        }
    }

    static void quotaBinding(Config<QuotaSpecBinding> config, Check check) {
        services(config.spec().getServicesList(), Check.spec().field("services"), check);
        FieldPath at = Check.spec().field("quotaSpecs");
        check.require(config.spec().getQuotaSpecsCount() > 0, "FL0441", at, "needs a spec");
        for (int i = 0; i < config.spec().getQuotaSpecsCount(); i++) {
            var spec = config.spec().getQuotaSpecs(i);
            named(spec.getName(), spec.getNamespace(), at.item(i), check);
        }
    }

    static void apiBinding(Config<HTTPAPISpecBinding> config, Check check) {
        services(config.spec().getServicesList(), Check.spec().field("services"), check);
        FieldPath at = Check.spec().field("apiSpecs");
        check.require(config.spec().getApiSpecsCount() > 0, "FL0441", at, "needs a spec");
        for (int i = 0; i < config.spec().getApiSpecsCount(); i++) {
            var spec = config.spec().getApiSpecs(i);
            named(spec.getName(), spec.getNamespace(), at.item(i), check);
        }
    }

    private static void named(String name, String namespace, FieldPath at, Check check) {
        check.require(
                Names.isSubdomain(name),
                "FL0441",
                at.field("name"),
                name.isEmpty() ? "is required" : "\"" + name + "\" is no name of a spec");
        namespace(namespace, at, check);
    }

    private static void namespace(String namespace, FieldPath at, Check check) {
        check.require(
                namespace.isEmpty() || Names.isLabel(namespace),
                "FL0441",
                at.field("namespace"),
                "\"" + namespace + "\" is no namespace");
    }

    private static void services(List<IstioService> services, FieldPath at, Check check) {
        check.require(!services.isEmpty(), "FL0441", at, "needs a service");
        for (int i = 0; i < services.size(); i++) {
            service(services.get(i), at.item(i), check);
        }
    }

    private static void service(IstioService service, FieldPath at, Check check) {
        boolean host = !service.getService().isEmpty();
        if (host == !service.getName().isEmpty()) {
            check.error("FL0441", at, "needs name or service" + (host ? ", not both" : ""));
        }
        if (host) {
            check.wildcardHost(service.getService(), "FL0441", at.field("service"));
            check.require(
                    service.getNamespace().isEmpty() && service.getDomain().isEmpty(),
                    "FL0441",
                    at,
                    "namespace and domain go with name: service is the whole host");
        } else if (!service.getName().isEmpty()) {
            check.require(
                    Names.isLabel(service.getName()),
                    "FL0441",
                    at.field("name"),
                    "\"" + service.getName() + "\" is not the short name of a service");
        }
        namespace(service.getNamespace(), at, check);
        check.require(
                service.getDomain().isEmpty() || Names.isHost(service.getDomain()),
                "FL0441",
                at.field("domain"),
                "\"" + service.getDomain() + "\" is no domain");
        check.labels(service.getLabelsMap(), at.field("labels"));
    }
}
