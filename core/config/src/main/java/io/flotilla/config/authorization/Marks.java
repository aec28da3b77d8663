package io.flotilla.config.authorization;

/**
 * Names under which a proxy's filters leave what policies found, in the metadata of a request or connection: a prefix for
 * the set of rules, then {@link #RESULT} or {@link #RULE}. The proxy's configuration writes them, telemetry reads them.
 */
public final class Marks {
    /** Namespace of the metadata, for requests. */
    public static final String HTTP = "envoy.filters.http.rbac";

    /** Namespace of the metadata, for connections. */
    public static final String TCP = "envoy.filters.network.rbac";

    /** Rules of whose requests a record must be kept; {@link #MATCHED} where one matches. */
    public static final String AUDIT = "flotilla_audit_";

    /** Rules of whose requests a record is kept if it can be. */
    public static final String AUDIT_IF_POSSIBLE = "flotilla_audit_if_possible_";

    /** What the rules that refuse will make of it. */
    public static final String DENY = "flotilla_deny_";

    /** What the rules that permit will make of it. */
    public static final String ALLOW = "flotilla_allow_";

    /** What rules that refuse and are only tried make of it. */
    public static final String TRIED_DENY = "istio_dry_run_deny_";

    /** What rules that permit and are only tried make of it. */
    public static final String TRIED_ALLOW = "istio_dry_run_allow_";

    /** The rule that matched last of those that are carried out, whose filters have no prefix. */
    public static final String ENFORCED_RULE = "enforced_effective_policy_id";

    /** {@link #MATCHED}, or "allowed". */
    public static final String RESULT = "shadow_engine_result";

    /** The rule that matched. */
    public static final String RULE = "shadow_effective_policy_id";

    /** Of rules that would refuse: one matched. Of rules that would permit: none did. */
    public static final String MATCHED = "denied";

    /** In the metadata of the filter that asks: a record is kept. */
    public static final String RECORDED = "flotilla_recorded";

    /** With "x-" before it, a header of what a proxy asks about a connection: its id of that. */
    public static final String STREAM = "flotilla-stream";

    /** The same: when that began, "SECONDS.NANOSECONDS". */
    public static final String START = "flotilla-start";

    private Marks() {}
}
