package io.flotilla.config.validate;

import io.flotilla.api.rbac.v1alpha1.Subject;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Who has a role. */
final class SubjectRules {
    private static final String CODE = "FL0452";
    private static final Set<String> PROPERTIES = new TreeSet<>(List.of(
            "source.ip",
            "source.namespace",
            "source.principal",
            "request.auth.principal",
            "request.auth.audiences",
            "request.auth.presenter"));
    private static final Pattern MAP_PROPERTY =
            Pattern.compile("(request\\.auth\\.claims|request\\.headers)\\[[^\\[\\]]+]");

    private final Check check;

    SubjectRules(Check check) {
        this.check = check;
    }

    void subject(Subject subject, FieldPath at) {
        boolean any = !subject.getUser().isEmpty()
                || !subject.getGroup().isEmpty()
                || subject.getPropertiesCount() > 0
                || subject.getNamesCount() + subject.getNotNamesCount() > 0
                || subject.getGroupsCount() + subject.getNotGroupsCount() > 0
                || subject.getNamespacesCount() + subject.getNotNamespacesCount() > 0
                || subject.getIpsCount() + subject.getNotIpsCount() > 0;
        check.require(any, CODE, at, "needs user, group or properties; user \"*\" is anybody");
        if (subject.getUser().startsWith("spiffe://")) {
            check.warning(
                    CODE,
                    at.field("user"),
                    "never matches: an identity is written without \"spiffe://\", \""
                            + subject.getUser().substring("spiffe://".length()) + "\"");
        }
        texts(subject.getNamesList(), at.field("names"));
        texts(subject.getNotNamesList(), at.field("notNames"));
        texts(subject.getGroupsList(), at.field("groups"));
        texts(subject.getNotGroupsList(), at.field("notGroups"));
        texts(subject.getNamespacesList(), at.field("namespaces"));
        texts(subject.getNotNamespacesList(), at.field("notNamespaces"));
        check.cidrs(subject.getIpsList(), CODE, at.field("ips"));
        check.cidrs(subject.getNotIpsList(), CODE, at.field("notIps"));
        subject.getPropertiesMap()
                .forEach((key, value) ->
                        property(key, value, at.field("properties").field(key)));
    }

    private void texts(List<String> texts, FieldPath at) {
        for (int i = 0; i < texts.size(); i++) {
            AccessRuleRules.pattern(texts.get(i), CODE, at.item(i), check);
        }
    }

    private void property(String key, String value, FieldPath at) {
        if (!PROPERTIES.contains(key) && !MAP_PROPERTY.matcher(key).matches()) {
            check.error(
                    CODE,
                    at,
                    "unknown property \"" + key + "\"" + Spelling.suggestion(key, PROPERTIES) + "; known are "
                            + String.join(", ", PROPERTIES) + ", request.auth.claims[NAME], request.headers[NAME]");
        } else if (key.equals("source.ip")) {
            check.require(
                    Addresses.isIp(value) || Addresses.isCidr(value), CODE, at, "\"" + value + "\" is no IP range");
        } else {
            AccessRuleRules.pattern(value, CODE, at, check);
        }
    }
}
