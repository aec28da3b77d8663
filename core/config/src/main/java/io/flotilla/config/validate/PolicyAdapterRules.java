package io.flotilla.config.validate;

import io.flotilla.api.adapter.list.Params.ListEntryType;
import io.flotilla.config.schema.FieldPath;
import java.util.regex.Pattern;

/** The adapters that refuse: listchecker, denier, opa and rbac. */
final class PolicyAdapterRules {
    private static final Pattern QUERY = Pattern.compile("data(\\.[A-Za-z_][A-Za-z0-9_]*){2,}");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+[A-Za-z_]");
    private static final int MOST_CODE = 16;
    private static final long SECOND = 1_000_000_000L;

    private PolicyAdapterRules() {}

    static void list(io.flotilla.api.adapter.list.Params params, FieldPath at, Check check) {
        boolean remote = !params.getProviderUrl().isEmpty();
        if (remote) {
            check.require(
                    Urls.isWeb(params.getProviderUrl()),
                    "FL0431",
                    at.field("providerUrl"),
                    "\"" + params.getProviderUrl() + "\" is no http or https URL");
            long refresh = params.hasRefreshInterval() ? AdapterRules.nanos(params.getRefreshInterval()) : 60 * SECOND;
            long ttl = params.hasTtl() ? AdapterRules.nanos(params.getTtl()) : 300 * SECOND;
            check.require(refresh >= SECOND, "FL0431", at.field("refreshInterval"), "must be at least 1s");
            check.require(
                    ttl >= refresh,
                    "FL0431",
                    at.field("ttl"),
                    "must be at least as long as refreshInterval, else there is no list in between");
        } else if (params.getOverridesCount() == 0) {
            check.warning(
                    "FL0431",
                    at,
                    "the list is empty (no overrides, no providerUrl): "
                            + (params.getBlacklist() ? "it refuses nothing" : "it refuses everything"));
        }
        AdapterRules.notNegative(params.getCachingInterval(), at.field("cachingInterval"), check);
        check.notNegative(params.getCachingUseCount(), "FL0431", at.field("cachingUseCount"));
        for (int i = 0; i < params.getOverridesCount(); i++) {
            entry(
                    params.getEntryType(),
                    params.getOverrides(i),
                    at.field("overrides").item(i),
                    check);
        }
    }

    private static void entry(ListEntryType type, String entry, FieldPath at, Check check) {
        switch (type) {
            case IP_ADDRESSES ->
                check.require(
                        Addresses.isIp(entry) || Addresses.isCidr(entry),
                        "FL0431",
                        at,
                        "\"" + entry + "\" is no IP address or range");
            case REGEX -> check.regex(entry, at);
            case STRINGS, CASE_INSENSITIVE_STRINGS, UNRECOGNIZED ->
                check.require(!entry.isEmpty(), "FL0431", at, "is empty");
        }
    }

    static void denier(io.flotilla.api.adapter.denier.Params params, FieldPath at, Check check) {
        if (params.hasStatus()) {
            int code = params.getStatus().getCode();
            check.require(
                    code >= 1 && code <= MOST_CODE,
                    "FL0432",
                    at.field("status").field("code"),
                    code == 0
                            ? "0 is OK, which refuses nothing; 7 is PERMISSION_DENIED"
                            : "must be a code of google.rpc.Code, 1 to 16, not " + code);
        }
        AdapterRules.notNegative(params.getValidDuration(), at.field("validDuration"), check);
        check.notNegative(params.getValidUseCount(), "FL0432", at.field("validUseCount"));
    }

    static void opa(io.flotilla.api.adapter.opa.Params params, FieldPath at, Check check) {
        check.require(
                QUERY.matcher(params.getCheckMethod()).matches(),
                "FL0436",
                at.field("checkMethod"),
                params.getCheckMethod().isEmpty()
                        ? "is required: data.PACKAGE.RULE"
                        : "\"" + params.getCheckMethod() + "\" is no query; write data.PACKAGE.RULE");
        check.require(params.getPolicyCount() > 0, "FL0436", at.field("policy"), "needs a policy");
        for (int i = 0; i < params.getPolicyCount(); i++) {
            check.require(
                    PACKAGE.matcher(params.getPolicy(i)).find(),
                    "FL0436",
                    at.field("policy").item(i),
                    "is no module of Rego: it begins with \"package NAME\"");
        }
    }

    static void rbac(io.flotilla.api.adapter.rbac.Params params, FieldPath at, Check check) {
        check.warning(
                "FL0460",
                at,
                "the adapter rbac is deprecated; the proxies decide by ServiceRole and ServiceRoleBinding");
        AdapterRules.notNegative(params.getCacheDuration(), at.field("cacheDuration"), check);
    }
}
