package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.model.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A route and what becomes of each of its parents. Immutable, so that the next translation may take it over. */
final class BoundRoute {
    private final AnyRoute route;
    private final RouteFindings findings;
    private final List<Parent> parents;
    private final List<Attachment> attachments;
    private final List<Diagnostic> warnings;
    private @Nullable ObjectStatus said;

    private BoundRoute(AnyRoute route, RouteFindings findings, List<Parent> parents, List<Diagnostic> warnings) {
        this.warnings = List.copyOf(warnings);
        this.route = route;
        this.findings = findings;
        this.parents = List.copyOf(parents);
        attachments = findings.unusable().isPresent()
                ? List.of()
                : this.parents.stream()
                        .flatMap(parent -> parent.attachments().stream())
                        .toList();
    }

    /**
     * One parent that is ours.
     *
     * @param attachments at the listeners of a Gateway
     * @param service     where the parent is a Service that exists
     */
    record Parent(
            ParentReference reference,
            List<Attachment> attachments,
            Optional<MeshParent> service,
            Condition accepted) {}

    static BoundRoute of(AnyRoute route, RouteFindings findings, List<Parent> parents, List<Diagnostic> warnings) {
        return new BoundRoute(route, findings, parents, warnings);
    }

    /** A Gateway as parent. */
    static Parent gateway(ParentReference reference, Attachments.Outcome outcome) {
        return new Parent(reference, outcome.attachments(), Optional.empty(), outcome.accepted());
    }

    /** A Service as parent; empty where there is none. */
    static Parent service(ParentReference reference, Optional<MeshParent> service) {
        Condition accepted = service.isPresent()
                ? Condition.yes("Accepted")
                : Condition.no("Accepted", "NoMatchingParent", "there is no such Service with such a port");
        return new Parent(reference, List.of(), service, accepted);
    }

    AnyRoute route() {
        return route;
    }

    RouteFindings findings() {
        return findings;
    }

    /** What is told of it beside its status. */
    List<Diagnostic> warnings() {
        return warnings;
    }

    /** All listeners that take it; none where nothing of the route can be used. */
    List<Attachment> attachments() {
        return attachments;
    }

    List<MeshParent> services() {
        return findings.unusable().isPresent()
                ? List.of()
                : parents.stream().flatMap(parent -> parent.service().stream()).toList();
    }

    /** This route without an attachment, for another route goes before it there. */
    BoundRoute refusing(Attachment attachment, String message) {
        List<Parent> left = new ArrayList<>();
        for (Parent parent : parents) {
            List<Attachment> kept = parent.attachments().stream()
                    .filter(each -> !each.equals(attachment))
                    .toList();
            if (kept.size() == parent.attachments().size()) {
                left.add(parent);
            } else {
                Condition accepted =
                        kept.isEmpty() ? Condition.no("Accepted", "Conflicted", message) : parent.accepted();
                left.add(new Parent(parent.reference(), kept, parent.service(), accepted));
            }
        }
        return new BoundRoute(route, findings, left, warnings);
    }

    /** The status; empty where no parent is ours. */
    Optional<ObjectStatus> status(DeriveOptions options) {
        if (parents.isEmpty()) {
            return Optional.empty();
        }
        ObjectStatus known = said;
        if (known == null) {
            known = written(options);
            said = known;
        }
        return Optional.of(known);
    }

    private ObjectStatus written(DeriveOptions options) {
        List<Struct> entries = parents.stream()
                .map(parent -> new Json()
                        .put("parentRef", reference(parent.reference()))
                        .put("controllerName", options.controllerName())
                        .conditions(conditions(parent))
                        .build())
                .toList();
        return new ObjectStatus(
                route.config().key(), new Json().put("parents", entries).build());
    }

    private List<Condition> conditions(Parent parent) {
        List<Condition> conditions = new ArrayList<>();
        Condition accepted =
                parent.accepted().holds() ? findings.unusable().orElse(parent.accepted()) : parent.accepted();
        conditions.add(accepted);
        conditions.add(findings.resolved());
        if (accepted.holds()) {
            findings.dropped().ifPresent(conditions::add);
        }
        return conditions;
    }

    static Struct reference(ParentReference reference) {
        Json json = new Json();
        if (reference.hasGroup()) {
            json.put("group", reference.getGroup());
        }
        json.given("kind", reference.getKind())
                .given("namespace", reference.getNamespace())
                .put("name", reference.getName())
                .given("sectionName", reference.getSectionName());
        return (reference.hasPort() ? json.put("port", reference.getPort()) : json).build();
    }
}
