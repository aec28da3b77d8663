package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A route and what becomes of each of its parents; filled while routes are bound. */
final class BoundRoute {
    private final AnyRoute route;
    private final RouteFindings findings;
    private final List<Parent> parents = new ArrayList<>();

    BoundRoute(AnyRoute route, RouteFindings findings) {
        this.route = route;
        this.findings = findings;
    }

    /**
     * One parent that is ours.
     *
     * @param attachments at the listeners of a Gateway
     * @param service     where the parent is a Service that exists
     */
    private record Parent(
            ParentReference reference,
            List<Attachment> attachments,
            Optional<MeshParent> service,
            Condition accepted) {}

    void add(ParentReference reference, Attachments.Outcome outcome) {
        parents.add(new Parent(reference, outcome.attachments(), Optional.empty(), outcome.accepted()));
    }

    void addService(ParentReference reference, Optional<MeshParent> service) {
        Condition accepted = service.isPresent()
                ? Condition.yes("Accepted")
                : Condition.no("Accepted", "NoMatchingParent", "there is no such Service with such a port");
        parents.add(new Parent(reference, List.of(), service, accepted));
    }

    AnyRoute route() {
        return route;
    }

    RouteFindings findings() {
        return findings;
    }

    /** All listeners that take it; none where nothing of the route can be used. */
    List<Attachment> attachments() {
        return findings.unusable().isPresent()
                ? List.of()
                : parents.stream()
                        .flatMap(parent -> parent.attachments().stream())
                        .toList();
    }

    List<MeshParent> services() {
        return findings.unusable().isPresent()
                ? List.of()
                : parents.stream().flatMap(parent -> parent.service().stream()).toList();
    }

    /** Takes an attachment back, for another route goes before this one there. */
    void refuse(Attachment attachment, String message) {
        parents.replaceAll(parent -> {
            if (!parent.attachments().contains(attachment)) {
                return parent;
            }
            List<Attachment> left = parent.attachments().stream()
                    .filter(each -> !each.equals(attachment))
                    .toList();
            Condition accepted = left.isEmpty() ? Condition.no("Accepted", "Conflicted", message) : parent.accepted();
            return new Parent(parent.reference(), left, parent.service(), accepted);
        });
    }

    /** The status; empty where no parent is ours. */
    Optional<ObjectStatus> status(DeriveOptions options) {
        if (parents.isEmpty()) {
            return Optional.empty();
        }
        List<Struct> entries = parents.stream()
                .map(parent -> new Json()
                        .put("parentRef", reference(parent.reference()))
                        .put("controllerName", options.controllerName())
                        .conditions(conditions(parent))
                        .build())
                .toList();
        return Optional.of(new ObjectStatus(
                route.config().key(), new Json().put("parents", entries).build()));
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
