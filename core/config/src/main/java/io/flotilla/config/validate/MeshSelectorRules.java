package io.flotilla.config.validate;

import io.flotilla.api.mesh.v1alpha1.LabelSelector;
import io.flotilla.api.mesh.v1alpha1.LabelSelectorRequirement;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ServiceEntryVisibility;
import io.flotilla.config.schema.FieldPath;

/** Selectors of namespaces and services in a MeshConfig, as Kubernetes reads them. */
final class MeshSelectorRules {
    private static final String CODE = "FL0802";

    private final Check check;

    MeshSelectorRules(Check check) {
        this.check = check;
    }

    void check(MeshConfig mesh, FieldPath at) {
        for (int i = 0; i < mesh.getDiscoverySelectorsCount(); i++) {
            selector(
                    mesh.getDiscoverySelectors(i),
                    at.field("discoverySelectors").item(i));
        }
        for (int i = 0; i < mesh.getServiceScopeConfigsCount(); i++) {
            FieldPath place = at.field("serviceScopeConfigs").item(i);
            selector(mesh.getServiceScopeConfigs(i).getNamespaceSelector(), place.field("namespaceSelector"));
            selector(mesh.getServiceScopeConfigs(i).getServicesSelector(), place.field("servicesSelector"));
        }
        ServiceEntryVisibility visibility = mesh.getServiceEntryVisibility();
        for (int i = 0; i < visibility.getPoliciesCount(); i++) {
            FieldPath place =
                    at.field("serviceEntryVisibility").field("policies").item(i);
            ServiceEntryVisibility.Policy policy = visibility.getPolicies(i);
            check.require(
                    policy.getVisibility() != ServiceEntryVisibility.Visibility.VISIBILITY_UNSPECIFIED,
                    CODE,
                    place.field("visibility"),
                    "is required: NONE, NAMESPACE or PUBLIC");
            for (int j = 0; j < policy.getMatchingRulesCount(); j++) {
                FieldPath rule = place.field("matchingRules").item(j);
                check.require(policy.getMatchingRules(j).hasNamespaceSelector(), CODE, rule, "needs namespaceSelector");
                selector(policy.getMatchingRules(j).getNamespaceSelector(), rule.field("namespaceSelector"));
            }
        }
    }

    private void selector(LabelSelector selector, FieldPath at) {
        selector.getMatchLabelsMap().forEach((key, value) -> {
            FieldPath place = at.field("matchLabels").field(key);
            key(key, place);
            value(value, place);
        });
        for (int i = 0; i < selector.getMatchExpressionsCount(); i++) {
            requirement(
                    selector.getMatchExpressions(i),
                    at.field("matchExpressions").item(i));
        }
    }

    private void requirement(LabelSelectorRequirement requirement, FieldPath at) {
        key(requirement.getKey(), at.field("key"));
        FieldPath values = at.field("values");
        switch (requirement.getOperator()) {
            case "In", "NotIn" -> {
                check.require(
                        requirement.getValuesCount() > 0,
                        CODE,
                        values,
                        "is required by operator " + requirement.getOperator());
                for (int i = 0; i < requirement.getValuesCount(); i++) {
                    value(requirement.getValues(i), values.item(i));
                }
            }
            case "Exists", "DoesNotExist" ->
                check.require(
                        requirement.getValuesCount() == 0,
                        CODE,
                        values,
                        "makes no sense with operator " + requirement.getOperator());
            default ->
                check.error(
                        CODE,
                        at.field("operator"),
                        "must be In, NotIn, Exists or DoesNotExist, not \"" + requirement.getOperator() + "\"");
        }
    }

    private void key(String key, FieldPath at) {
        check.require(Names.isQualifiedName(key), CODE, at, "\"" + key + "\" is no key of a label");
    }

    private void value(String value, FieldPath at) {
        check.require(Names.isLabelValue(value), CODE, at, "\"" + value + "\" is no value of a label");
    }
}
