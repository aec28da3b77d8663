package io.flotilla.config.validate;

import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.api.type.v1beta1.WorkloadSelector;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which workloads a policy is for: chosen by label, or named as the object that they stand behind. */
final class TargetRules {
    private static final int MAX_TARGETS = 16;
    private static final int MAX_VALUE = 63;
    private static final Set<String> KINDS = Set.of(
            "/Service",
            "networking.istio.io/ServiceEntry",
            "gateway.networking.k8s.io/Gateway",
            "gateway.networking.k8s.io/GatewayClass");

    private final String code;
    private final Check check;

    TargetRules(String code, Check check) {
        this.code = code;
        this.check = check;
    }

    /** All three ways in which a policy says it, of which one may be used. */
    void check(
            boolean selects,
            WorkloadSelector selector,
            boolean single,
            PolicyTargetReference target,
            List<PolicyTargetReference> targets,
            FieldPath at) {
        int ways = (selects ? 1 : 0) + (single ? 1 : 0) + (targets.isEmpty() ? 0 : 1);
        check.require(ways <= 1, code, at, "takes one of selector, targetRef and targetRefs");
        if (selects) {
            selector(selector.getMatchLabelsMap(), at.field("selector").field("matchLabels"));
        }
        if (single) {
            target(target, at.field("targetRef"));
        }
        targets(targets, at.field("targetRefs"));
    }

    void targets(List<PolicyTargetReference> targets, FieldPath at) {
        check.require(
                targets.size() <= MAX_TARGETS, code, at, "has " + targets.size() + " targets; at most " + MAX_TARGETS);
        for (int i = 0; i < targets.size(); i++) {
            target(targets.get(i), at.item(i));
        }
    }

    private void target(PolicyTargetReference target, FieldPath at) {
        check.given(target.getName(), code, at.field("name"));
        String kind = target.getGroup() + "/" + target.getKind();
        check.require(
                KINDS.contains(kind),
                code,
                at.field("kind"),
                target.getKind().isEmpty()
                        ? "is required"
                        : "no policy is for a \"" + kind
                                + "\": Service, ServiceEntry, Gateway or GatewayClass, with its group");
        check.require(
                target.getNamespace().isEmpty(),
                code,
                at.field("namespace"),
                "must be left out: it is the policy's own");
    }

    /** Labels that are looked for; wildcards would choose nothing. */
    void selector(Map<String, String> labels, FieldPath at) {
        labels.forEach((key, value) -> {
            if (key.contains("*") || value.contains("*")) {
                check.error(code, at.field(key), "wildcards are not understood here");
                return;
            }
            check.require(Names.isQualifiedName(key), code, at.field(key), "\"" + key + "\" is no label name");
            check.require(
                    Names.isLabelValue(value),
                    code,
                    at.field(key),
                    "\"" + value + "\" is no label value: at most " + MAX_VALUE
                            + " letters, digits, \"-\", \"_\" and \".\"");
        });
    }
}
