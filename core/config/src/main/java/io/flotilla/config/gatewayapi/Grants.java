package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Who may name objects of another namespace. */
record Grants(List<Config<ReferenceGrant>> grants) {
    /** Always within a namespace; else where a ReferenceGrant beside the target says so. */
    boolean permits(Kind from, String fromNamespace, Kind to, String toNamespace, String toName) {
        return fromNamespace.equals(toNamespace)
                || grants.stream()
                        .filter(grant -> grant.namespace().equals(toNamespace))
                        .map(Config::spec)
                        .anyMatch(grant -> grant.getFromList().stream()
                                        .anyMatch(each -> each.getGroup().equals(from.group())
                                                && each.getKind().equals(from.name())
                                                && each.getNamespace().equals(fromNamespace))
                                && grant.getToList().stream()
                                        .anyMatch(each -> each.getGroup().equals(to.group())
                                                && each.getKind().equals(to.name())
                                                && (each.getName().isEmpty()
                                                        || each.getName().equals(toName))));
    }
}
