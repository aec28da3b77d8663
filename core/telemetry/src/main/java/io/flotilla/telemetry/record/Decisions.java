package io.flotilla.telemetry.record;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.DryRun;
import io.flotilla.config.authorization.Marks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What policies made of a request or connection, by what the proxy's filters left in its metadata and its details. */
final class Decisions {
    private static final String AUTHORIZERS = "envoy.filters.http.ext_authz";
    private static final String CONNECTION_AUTHORIZERS = "envoy.filters.network.ext_authz";
    private static final String TOKENS = "envoy.filters.http.jwt_authn";
    private static final String PAYLOAD = "payload";
    private static final Pattern BY_RULES =
            Pattern.compile("rbac_access_denied_matched_policy\\[(.*)]", Pattern.DOTALL);
    private static final int MOST_DETAIL = 2_048;
    private static final String NO_RULE = "none";

    private Decisions() {}

    /**
     * Of what is over.
     *
     * @param details why Envoy answered itself, or ended the connection
     * @return nothing where there was nothing to decide
     */
    static Optional<Decision> of(Metadata metadata, List<String> details) {
        Decision.Builder decision = found(metadata);
        for (String detail : details) {
            denied(detail, decision);
        }
        if (decision.getVerdict() == Decision.Verdict.DENIED) {
            return Optional.of(decision.build());
        }
        return decision.build().equals(Decision.getDefaultInstance())
                ? Optional.empty()
                : Optional.of(decision.setVerdict(Decision.Verdict.ALLOWED).build());
    }

    /** Of what is still going on, by the rules that are next. */
    static Decision next(Metadata metadata) {
        Decision.Builder decision = found(metadata);
        Struct rules = rules(metadata);
        boolean refused = text(rules, Marks.DENY + Marks.RESULT).equals(Marks.MATCHED);
        boolean unpermitted = text(rules, Marks.ALLOW + Marks.RESULT).equals(Marks.MATCHED);
        return decision.setVerdict(refused || unpermitted ? Decision.Verdict.DENIED : Decision.Verdict.ALLOWED)
                .setBy(refused || unpermitted ? "rbac" : "")
                .setPolicy(Texts.cut(text(rules, (refused ? Marks.DENY : Marks.ALLOW) + Marks.RULE)))
                .build();
    }

    private static Decision.Builder found(Metadata metadata) {
        Struct rules = rules(metadata);
        Decision.Builder decision = Decision.newBuilder()
                .setPolicy(Texts.cut(permitting(rules)))
                .setAudited(Texts.cut(audited(rules)))
                .setRecorded(recorded(metadata, AUTHORIZERS) || recorded(metadata, CONNECTION_AUTHORIZERS))
                .setRequestPrincipal(requestPrincipal(metadata));
        for (String tried : List.of(Marks.TRIED_DENY, Marks.TRIED_ALLOW)) {
            String result = text(rules, tried + Marks.RESULT);
            if (!result.isEmpty()) {
                decision.addDryRuns(DryRun.newBuilder()
                        .setDenied(result.equals(Marks.MATCHED))
                        .setPolicy(Texts.cut(text(rules, tried + Marks.RULE))));
            }
        }
        return decision;
    }

    // Of the filters that carry verdicts out the one that permits is last.
    private static String permitting(Struct rules) {
        String foretold = text(rules, Marks.ALLOW + Marks.RULE);
        return foretold.isEmpty() ? text(rules, Marks.ENFORCED_RULE) : foretold;
    }

    private static void denied(String detail, Decision.Builder decision) {
        // A proxy says what it likes, at any length.
        Matcher rule = BY_RULES.matcher(detail.substring(0, Math.min(detail.length(), MOST_DETAIL)));
        if (rule.find()) {
            String policy = rule.group(1);
            refused(decision, "rbac").setPolicy(policy.equals(NO_RULE) ? "" : Texts.cut(policy));
        } else if (detail.startsWith("ext_authz_")) {
            refused(decision, "ext_authz");
        } else if (detail.startsWith("jwt_authn_access_denied")) {
            refused(decision, "jwt_authn");
        }
    }

    private static Decision.Builder refused(Decision.Builder decision, String by) {
        return decision.setVerdict(Decision.Verdict.DENIED).setBy(by).clearPolicy();
    }

    private static String audited(Struct rules) {
        for (String prefix : List.of(Marks.AUDIT, Marks.AUDIT_IF_POSSIBLE)) {
            if (text(rules, prefix + Marks.RESULT).equals(Marks.MATCHED)) {
                return text(rules, prefix + Marks.RULE);
            }
        }
        return "";
    }

    private static boolean recorded(Metadata metadata, String filter) {
        return value(fields(metadata, filter), Marks.RECORDED).getBoolValue();
    }

    private static String requestPrincipal(Metadata metadata) {
        Struct claims = value(fields(metadata, TOKENS), PAYLOAD).getStructValue();
        String issuer = text(claims, "iss");
        return issuer.isEmpty() ? "" : Texts.cut(issuer + "/" + text(claims, "sub"));
    }

    private static Struct rules(Metadata metadata) {
        Struct requests = fields(metadata, Marks.HTTP);
        return requests.getFieldsCount() > 0 ? requests : fields(metadata, Marks.TCP);
    }

    private static Struct fields(Metadata metadata, String filter) {
        return metadata.getFilterMetadataOrDefault(filter, Struct.getDefaultInstance());
    }

    private static String text(Struct fields, String name) {
        return value(fields, name).getStringValue();
    }

    private static Value value(Struct fields, String name) {
        return Objects.requireNonNullElse(fields.getFieldsMap().get(name), Value.getDefaultInstance());
    }
}
