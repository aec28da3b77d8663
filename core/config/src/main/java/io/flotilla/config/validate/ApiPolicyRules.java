package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy;
import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy.Target;
import io.flotilla.api.gatewayapi.v1.LocalReference;
import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.regex.Pattern;

/** ReferenceGrant and BackendTLSPolicy of the Gateway API. */
final class ApiPolicyRules {
    private static final String GRANT = "FL0523";
    private static final String POLICY = "FL0524";
    private static final String MOVED = "FL0534";
    private static final Pattern URI = Pattern.compile("(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\\?([^#]*))?(#(.*))?");

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiReferenceRules references;

    private ApiPolicyRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.references = new ApiReferenceRules(check);
    }

    static void grant(Config<ReferenceGrant> config, Check check) {
        ApiSyntax syntax = new ApiSyntax(check);
        ReferenceGrant spec = config.spec();
        FieldPath from = Check.spec().field("from");
        syntax.atLeastOne(spec.getFromCount(), GRANT, from);
        syntax.atMost(16, spec.getFromCount(), GRANT, from);
        for (int i = 0; i < spec.getFromCount(); i++) {
            syntax.group(spec.getFrom(i).getGroup(), GRANT, from.item(i).field("group"));
            syntax.kind(spec.getFrom(i).getKind(), GRANT, from.item(i).field("kind"));
            syntax.namespace(spec.getFrom(i).getNamespace(), GRANT, from.item(i).field("namespace"));
        }
        FieldPath to = Check.spec().field("to");
        syntax.atLeastOne(spec.getToCount(), GRANT, to);
        syntax.atMost(16, spec.getToCount(), GRANT, to);
        for (int i = 0; i < spec.getToCount(); i++) {
            syntax.group(spec.getTo(i).getGroup(), GRANT, to.item(i).field("group"));
            syntax.kind(spec.getTo(i).getKind(), GRANT, to.item(i).field("kind"));
            if (spec.getTo(i).hasName()) {
                syntax.objectName(spec.getTo(i).getName(), GRANT, to.item(i).field("name"));
            }
        }
    }

    @SuppressWarnings("deprecation") // older objects have them
    static void backendTls(Config<BackendTLSPolicy> config, Check check) {
        ApiPolicyRules rules = new ApiPolicyRules(check);
        BackendTLSPolicy spec = config.spec();
        FieldPath at = Check.spec();
        if (spec.hasTargetRef()) {
            check.warning(MOVED, at.field("targetRef"), "is of v1alpha2; write targetRefs, a list");
            check.require(
                    spec.getTargetRefsCount() == 0,
                    POLICY,
                    at.field("targetRef"),
                    "cannot be given together with \"targetRefs\"");
            rules.target(spec.getTargetRef(), at.field("targetRef"));
        } else {
            rules.targets(spec.getTargetRefsList(), at.field("targetRefs"));
        }
        rules.syntax.atMost(16, spec.getOptionsCount(), POLICY, at.field("options"));
        spec.getOptionsMap()
                .keySet()
                .forEach(key -> check.require(
                        Names.isQualifiedName(key),
                        POLICY,
                        at.field("options").field(key),
                        "\"" + key + "\" is no key: NAME or DOMAIN/NAME"));
        if (spec.hasTls()) {
            check.warning(MOVED, at.field("tls"), "is of v1alpha2; write validation");
            check.require(
                    !spec.hasValidation(), POLICY, at.field("tls"), "cannot be given together with \"validation\"");
            rules.old(spec.getTls(), at.field("tls"));
        } else if (spec.hasValidation()) {
            rules.validation(spec.getValidation(), at.field("validation"));
        } else {
            check.error(POLICY, at.field("validation"), "is required");
        }
    }

    private void targets(List<Target> targets, FieldPath at) {
        syntax.atLeastOne(targets.size(), POLICY, at);
        syntax.atMost(16, targets.size(), POLICY, at);
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            target(target, at.item(i));
            for (int before = 0; before < i; before++) {
                Target other = targets.get(before);
                if (other.toBuilder()
                        .clearSectionName()
                        .build()
                        .equals(target.toBuilder().clearSectionName().build())) {
                    boolean apart = !other.getSectionName().isEmpty()
                            && !target.getSectionName().isEmpty()
                            && !other.getSectionName().equals(target.getSectionName());
                    check.require(
                            apart,
                            POLICY,
                            at.item(i),
                            "names the same object as targetRefs[" + before + "]; tell them apart by sectionName");
                    break;
                }
            }
        }
    }

    private void target(Target target, FieldPath at) {
        syntax.group(target.getGroup(), POLICY, at.field("group"));
        syntax.kind(target.getKind(), POLICY, at.field("kind"));
        syntax.objectName(target.getName(), POLICY, at.field("name"));
        if (target.hasSectionName()) {
            syntax.sectionName(target.getSectionName(), POLICY, at.field("sectionName"));
        }
    }

    private void old(BackendTLSPolicy.Tls tls, FieldPath at) {
        List<LocalReference> authorities =
                tls.getCaCertRefsCount() > 0 ? tls.getCaCertRefsList() : tls.getCaCertificateRefsList();
        String system = tls.hasWellKnownCaCerts() ? tls.getWellKnownCaCerts() : tls.getWellKnownCaCertificates();
        authorities(authorities, system, at, tls.getCaCertRefsCount() > 0 ? "caCertRefs" : "caCertificateRefs");
        host(tls.getHostname(), at.field("hostname"));
    }

    private void validation(BackendTLSPolicy.Validation validation, FieldPath at) {
        authorities(
                validation.getCaCertificateRefsList(),
                validation.getWellKnownCaCertificates(),
                at,
                "caCertificateRefs");
        host(validation.getHostname(), at.field("hostname"));
        syntax.atMost(5, validation.getSubjectAltNamesCount(), POLICY, at.field("subjectAltNames"));
        for (int i = 0; i < validation.getSubjectAltNamesCount(); i++) {
            subjectAltName(
                    validation.getSubjectAltNames(i),
                    at.field("subjectAltNames").item(i));
        }
    }

    private void host(String hostname, FieldPath at) {
        syntax.required(hostname, POLICY, at);
        if (!hostname.isEmpty()) {
            syntax.hostname(hostname, false, POLICY, at);
        }
    }

    private void authorities(List<LocalReference> references, String system, FieldPath at, String field) {
        syntax.atMost(8, references.size(), POLICY, at.field(field));
        check.require(
                references.isEmpty() || system.isEmpty(),
                POLICY,
                at.field(field),
                "cannot be given together with the system's certificates");
        check.require(
                !references.isEmpty() || !system.isEmpty(),
                POLICY,
                at,
                "needs " + field + " or wellKnownCACertificates: System");
        if (!system.isEmpty()) {
            check.require(
                    system.equals("System") || system.contains("/"),
                    POLICY,
                    at.field("wellKnownCACertificates"),
                    "must be System, not \"" + system + "\"");
        }
        for (int i = 0; i < references.size(); i++) {
            this.references.local(references.get(i), at.field(field).item(i));
        }
    }

    private void subjectAltName(BackendTLSPolicy.SubjectAltName name, FieldPath at) {
        syntax.oneOf(name.getType(), List.of("Hostname", "URI"), POLICY, at.field("type"));
        boolean host = name.getType().equals("Hostname");
        boolean uri = name.getType().equals("URI");
        check.require(
                !host || !name.getHostname().isEmpty(), POLICY, at.field("hostname"), "is required for type Hostname");
        check.require(!uri || name.getHostname().isEmpty(), POLICY, at.field("hostname"), "is only for type Hostname");
        check.require(!uri || !name.getUri().isEmpty(), POLICY, at.field("uri"), "is required for type URI");
        check.require(!host || name.getUri().isEmpty(), POLICY, at.field("uri"), "is only for type URI");
        if (!name.getHostname().isEmpty()) {
            syntax.hostname(name.getHostname(), true, POLICY, at.field("hostname"));
        }
        check.require(
                name.getUri().isEmpty()
                        || (name.getUri().length() <= 253
                                && URI.matcher(name.getUri()).matches()),
                POLICY,
                at.field("uri"),
                "\"" + name.getUri() + "\" is no URI with a scheme, \"spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT\"");
    }
}
