package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import io.flotilla.api.adapter.memquota.Params.Override;
import io.flotilla.api.adapter.redisquota.Params.QuotaAlgorithm;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The adapters that count: memquota and redisquota. */
final class QuotaAdapterRules {
    private static final String CODE = "FL0430";

    private final Check check;
    private final Set<String> names = new HashSet<>();

    private QuotaAdapterRules(Check check) {
        this.check = check;
    }

    static void memory(io.flotilla.api.adapter.memquota.Params params, FieldPath at, Check check) {
        QuotaAdapterRules rules = new QuotaAdapterRules(check);
        for (int i = 0; i < params.getQuotasCount(); i++) {
            var quota = params.getQuotas(i);
            FieldPath place = at.field("quotas").item(i);
            rules.name(quota.getName(), place.field("name"));
            AdapterRules.notNegative(quota.getMaxAmount(), CODE, place.field("maxAmount"), check);
            AdapterRules.notNegative(quota.getValidDuration(), place.field("validDuration"), check);
            for (int j = 0; j < quota.getOverridesCount(); j++) {
                Override override = quota.getOverrides(j);
                FieldPath of = place.field("overrides").item(j);
                AdapterRules.notNegative(override.getMaxAmount(), CODE, of.field("maxAmount"), check);
                AdapterRules.notNegative(override.getValidDuration(), of.field("validDuration"), check);
                rules.reached(
                        quota.getOverridesList().subList(0, j).stream()
                                .map(Override::getDimensionsMap)
                                .toList(),
                        override.getDimensionsMap(),
                        of);
            }
        }
        check.require(
                !params.hasMinDeduplicationDuration() || AdapterRules.positive(params.getMinDeduplicationDuration()),
                CODE,
                at.field("minDeduplicationDuration"),
                "must be greater than 0");
    }

    static void redis(io.flotilla.api.adapter.redisquota.Params params, FieldPath at, Check check) {
        QuotaAdapterRules rules = new QuotaAdapterRules(check);
        check.require(params.getQuotasCount() > 0, CODE, at.field("quotas"), "needs a quota");
        for (int i = 0; i < params.getQuotasCount(); i++) {
            rules.redis(params.getQuotas(i), at.field("quotas").item(i));
        }
        AdapterRules.address(params.getRedisServerUrl(), false, at.field("redisServerUrl"), check);
        AdapterRules.notNegative(params.getConnectionPoolSize(), CODE, at.field("connectionPoolSize"), check);
    }

    private void redis(io.flotilla.api.adapter.redisquota.Params.Quota quota, FieldPath at) {
        name(quota.getName(), at.field("name"));
        positive(quota.getMaxAmount(), at.field("maxAmount"));
        check.require(
                AdapterRules.positive(quota.getValidDuration()),
                CODE,
                at.field("validDuration"),
                quota.hasValidDuration() ? "must be greater than 0" : "is required");
        if (quota.getRateLimitAlgorithm() == QuotaAlgorithm.ROLLING_WINDOW) {
            Duration bucket = quota.getBucketDuration();
            check.require(
                    AdapterRules.positive(bucket)
                            && AdapterRules.nanos(bucket) < AdapterRules.nanos(quota.getValidDuration()),
                    CODE,
                    at.field("bucketDuration"),
                    "a rolling window needs buckets that are shorter than validDuration");
        } else if (quota.hasBucketDuration()) {
            check.warning("FL0461", at.field("bucketDuration"), "has no effect without a ROLLING_WINDOW");
        }
        for (int j = 0; j < quota.getOverridesCount(); j++) {
            var override = quota.getOverrides(j);
            FieldPath place = at.field("overrides").item(j);
            positive(override.getMaxAmount(), place.field("maxAmount"));
            check.require(override.getDimensionsCount() > 0, CODE, place.field("dimensions"), "needs a dimension");
            reached(
                    quota.getOverridesList().subList(0, j).stream()
                            .map(each -> each.getDimensionsMap())
                            .toList(),
                    override.getDimensionsMap(),
                    place);
        }
    }

    private void positive(long amount, FieldPath at) {
        check.require(amount > 0, CODE, at, "must be greater than 0, not " + amount);
    }

    /** The instance that the limit is for, by its full name. */
    private void name(String name, FieldPath at) {
        if (name.isEmpty()) {
            check.error(CODE, at, "is required");
            return;
        }
        check.require(names.add(name), CODE, at, "\"" + name + "\" is given twice");
        String[] parts = name.split("\\.", -1);
        if (parts.length != 3
                || !(parts[1].equals("instance") || Templates.names().contains(parts[1]))) {
            check.warning(
                    CODE,
                    at,
                    "\"" + name + "\" binds no instance: the full name is needed, NAME.instance.NAMESPACE"
                            + " or NAME.quota.NAMESPACE");
        }
    }

    /** The first override whose dimensions all match counts. */
    private void reached(List<Map<String, String>> earlier, Map<String, String> dimensions, FieldPath at) {
        for (int i = 0; i < earlier.size(); i++) {
            if (dimensions.entrySet().containsAll(earlier.get(i).entrySet())) {
                check.warning(CODE, at, "never counts: overrides[" + i + "] matches all that this one does");
                return;
            }
        }
    }
}
