package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.BackendReference;
import io.flotilla.api.gatewayapi.v1.LabelSelector;
import io.flotilla.api.gatewayapi.v1.LocalReference;
import io.flotilla.api.gatewayapi.v1.ObjectReference;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.gatewayapi.v1.SecretReference;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** References of the Gateway API: to parents, backends, Secrets, and the selection of namespaces. */
final class ApiReferenceRules {
    static final String REFERENCE = "FL0514";
    private static final String PARENT = "FL0515";
    private static final String NAMESPACES = "FL0513";
    private static final int MAX_PARENTS = 32;
    private static final Set<String> OPERATORS = new TreeSet<>(Set.of("In", "NotIn", "Exists", "DoesNotExist"));

    private final Check check;
    private final ApiSyntax syntax;

    ApiReferenceRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
    }

    void parents(List<ParentReference> parents, FieldPath at) {
        syntax.atMost(MAX_PARENTS, parents.size(), PARENT, at);
        for (int i = 0; i < parents.size(); i++) {
            ParentReference parent = parents.get(i);
            FieldPath place = at.item(i);
            syntax.group(parent.getGroup(), PARENT, place.field("group"));
            if (parent.hasKind()) {
                syntax.kind(parent.getKind(), PARENT, place.field("kind"));
            }
            if (parent.hasNamespace()) {
                syntax.namespace(parent.getNamespace(), PARENT, place.field("namespace"));
            }
            syntax.objectName(parent.getName(), PARENT, place.field("name"));
            if (parent.hasSectionName()) {
                syntax.sectionName(parent.getSectionName(), PARENT, place.field("sectionName"));
            }
            if (parent.hasPort()) {
                check.port(parent.getPort(), place.field("port"));
            }
            for (int before = 0; before < i; before++) {
                if (object(parents.get(before)).equals(object(parent))) {
                    sections(parents.get(before), parent, before, place);
                    break;
                }
            }
        }
    }

    private void sections(ParentReference first, ParentReference second, int at, FieldPath place) {
        boolean sameForm =
                first.getSectionName().isEmpty() == second.getSectionName().isEmpty()
                        && (first.getPort() == 0) == (second.getPort() == 0);
        check.require(
                sameForm,
                PARENT,
                place,
                "names the same parent as parentRefs[" + at + "], but not in the same way: sectionName and port are"
                        + " given for both or for none");
        boolean same = first.getSectionName().equals(second.getSectionName()) && first.getPort() == second.getPort();
        check.require(
                !sameForm || !same,
                PARENT,
                place,
                "names the same parent as parentRefs[" + at + "]; tell them apart by sectionName or port");
    }

    private static ParentReference object(ParentReference parent) {
        ParentReference.Builder object = parent.toBuilder().clearSectionName().clearPort();
        if (!parent.hasGroup()) {
            object.setGroup("gateway.networking.k8s.io");
        }
        if (!parent.hasKind()) {
            object.setKind("Gateway");
        }
        return object.build();
    }

    void backend(BackendReference backend, FieldPath at) {
        syntax.group(backend.getGroup(), REFERENCE, at.field("group"));
        if (backend.hasKind()) {
            syntax.kind(backend.getKind(), REFERENCE, at.field("kind"));
        }
        syntax.objectName(backend.getName(), REFERENCE, at.field("name"));
        if (backend.hasNamespace()) {
            syntax.namespace(backend.getNamespace(), REFERENCE, at.field("namespace"));
        }
        boolean service = backend.getGroup().isEmpty()
                && (!backend.hasKind() || backend.getKind().equals("Service"));
        if (backend.hasPort()) {
            check.port(backend.getPort(), at.field("port"));
        } else {
            check.require(!service, REFERENCE, at.field("port"), "is required for a Service");
        }
    }

    void secret(SecretReference secret, FieldPath at) {
        syntax.group(secret.getGroup(), REFERENCE, at.field("group"));
        if (secret.hasKind()) {
            syntax.kind(secret.getKind(), REFERENCE, at.field("kind"));
        }
        syntax.objectName(secret.getName(), REFERENCE, at.field("name"));
        if (secret.hasNamespace()) {
            syntax.namespace(secret.getNamespace(), REFERENCE, at.field("namespace"));
        }
    }

    void object(ObjectReference object, FieldPath at) {
        syntax.group(object.getGroup(), REFERENCE, at.field("group"));
        syntax.kind(object.getKind(), REFERENCE, at.field("kind"));
        syntax.objectName(object.getName(), REFERENCE, at.field("name"));
        if (object.hasNamespace()) {
            syntax.namespace(object.getNamespace(), REFERENCE, at.field("namespace"));
        }
    }

    void local(LocalReference object, FieldPath at) {
        syntax.group(object.getGroup(), REFERENCE, at.field("group"));
        syntax.kind(object.getKind(), REFERENCE, at.field("kind"));
        syntax.objectName(object.getName(), REFERENCE, at.field("name"));
    }

    void selector(LabelSelector selector, FieldPath at) {
        check.labels(selector.getMatchLabelsMap(), at.field("matchLabels"));
        for (int i = 0; i < selector.getMatchExpressionsCount(); i++) {
            LabelSelector.Requirement requirement = selector.getMatchExpressions(i);
            FieldPath place = at.field("matchExpressions").item(i);
            check.require(
                    Names.isQualifiedName(requirement.getKey()),
                    NAMESPACES,
                    place.field("key"),
                    requirement.getKey().isEmpty()
                            ? "is required"
                            : "\"" + requirement.getKey() + "\" is no label name");
            syntax.oneOf(requirement.getOperator(), OPERATORS, NAMESPACES, place.field("operator"));
            boolean set = requirement.getOperator().endsWith("In");
            boolean exists = requirement.getOperator().endsWith("Exists")
                    || requirement.getOperator().endsWith("Exist");
            check.require(
                    !set || requirement.getValuesCount() > 0,
                    NAMESPACES,
                    place.field("values"),
                    "is required for " + requirement.getOperator());
            check.require(
                    !exists || requirement.getValuesCount() == 0,
                    NAMESPACES,
                    place.field("values"),
                    "makes no sense with " + requirement.getOperator());
        }
    }
}
