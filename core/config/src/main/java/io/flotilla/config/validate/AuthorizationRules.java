package io.flotilla.config.validate;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy.Action;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** What an AuthorizationPolicy must be. */
final class AuthorizationRules {
    private static final String OBJECT = "FL0370";
    private static final String RULE = "FL0371";
    private static final int MAX_RULES = 512;
    private static final int MAX_ACCOUNTS = 16;

    private final Check check;

    private AuthorizationRules(Check check) {
        this.check = check;
    }

    static void check(Config<AuthorizationPolicy> config, Check check) {
        AuthorizationPolicy policy = config.spec();
        FieldPath at = Check.spec();
        new TargetRules(OBJECT, check)
                .check(
                        policy.hasSelector(),
                        policy.getSelector(),
                        policy.hasTargetRef(),
                        policy.getTargetRef(),
                        policy.getTargetRefsList(),
                        at);
        action(policy, at, check);
        check.require(
                policy.getRulesCount() <= MAX_RULES,
                OBJECT,
                at.field("rules"),
                "has " + policy.getRulesCount() + " rules; at most " + MAX_RULES);
        AuthorizationRules rules = new AuthorizationRules(check);
        for (int i = 0; i < policy.getRulesCount(); i++) {
            rules.rule(policy.getRules(i), at.field("rules").item(i));
        }
    }

    private static void action(AuthorizationPolicy policy, FieldPath at, Check check) {
        boolean custom = policy.getAction() == Action.CUSTOM;
        if (custom) {
            check.given(
                    policy.getProvider().getName(), OBJECT, at.field("provider").field("name"));
        } else {
            check.require(!policy.hasProvider(), OBJECT, at.field("provider"), "is for action CUSTOM");
        }
        check.require(
                policy.getRulesCount() > 0 || policy.getAction() == Action.ALLOW,
                OBJECT,
                at.field("rules"),
                "is required for action " + policy.getAction() + ", which without rules never happens");
    }

    private void rule(Rule rule, FieldPath at) {
        for (int i = 0; i < rule.getFromCount(); i++) {
            FieldPath place = at.field("from").item(i).field("source");
            check.require(
                    !rule.getFrom(i).getSource().equals(Source.getDefaultInstance()),
                    RULE,
                    place,
                    "is empty; leave it out to mean every source");
            source(rule.getFrom(i).getSource(), place);
        }
        for (int i = 0; i < rule.getToCount(); i++) {
            FieldPath place = at.field("to").item(i).field("operation");
            check.require(
                    !rule.getTo(i).getOperation().equals(Operation.getDefaultInstance()),
                    RULE,
                    place,
                    "is empty; leave it out to mean every operation");
            operation(rule.getTo(i).getOperation(), place);
        }
        for (int i = 0; i < rule.getWhenCount(); i++) {
            Condition condition = rule.getWhen(i);
            new AuthorizationConditions(RULE, check)
                    .check(condition, at.field("when").item(i));
        }
    }

    private void source(Source source, FieldPath at) {
        check.noneEmpty(source.getPrincipalsList(), RULE, at.field("principals"));
        check.noneEmpty(source.getNotPrincipalsList(), RULE, at.field("notPrincipals"));
        check.requestPrincipals(source.getRequestPrincipalsList(), RULE, at.field("requestPrincipals"));
        check.requestPrincipals(source.getNotRequestPrincipalsList(), RULE, at.field("notRequestPrincipals"));
        check.noneEmpty(source.getNamespacesList(), RULE, at.field("namespaces"));
        check.noneEmpty(source.getNotNamespacesList(), RULE, at.field("notNamespaces"));
        check.noneEmpty(source.getTrustDomainsList(), RULE, at.field("trustDomains"));
        check.noneEmpty(source.getNotTrustDomainsList(), RULE, at.field("notTrustDomains"));
        check.cidrs(source.getIpBlocksList(), RULE, at.field("ipBlocks"));
        check.cidrs(source.getNotIpBlocksList(), RULE, at.field("notIpBlocks"));
        check.cidrs(source.getRemoteIpBlocksList(), RULE, at.field("remoteIpBlocks"));
        check.cidrs(source.getNotRemoteIpBlocksList(), RULE, at.field("notRemoteIpBlocks"));
        boolean accounts = source.getServiceAccountsCount() + source.getNotServiceAccountsCount() > 0;
        boolean names = source.getPrincipalsCount()
                        + source.getNotPrincipalsCount()
                        + source.getNamespacesCount()
                        + source.getNotNamespacesCount()
                > 0;
        check.require(
                !accounts || !names,
                RULE,
                at.field("serviceAccounts"),
                "cannot be given together with principals or namespaces");
        accounts(source.getServiceAccountsList(), at.field("serviceAccounts"));
        accounts(source.getNotServiceAccountsList(), at.field("notServiceAccounts"));
    }

    /** "NAME" in the policy's namespace, or "NAMESPACE/NAME". */
    private void accounts(List<String> accounts, FieldPath at) {
        check.require(
                accounts.size() <= MAX_ACCOUNTS,
                RULE,
                at,
                "has " + accounts.size() + " service accounts; at most " + MAX_ACCOUNTS);
        for (int i = 0; i < accounts.size(); i++) {
            String account = accounts.get(i);
            int slash = account.indexOf('/');
            boolean fits = (slash < 0 || Names.isLabel(account.substring(0, slash)))
                    && Names.isSubdomain(account.substring(slash + 1));
            check.require(fits, RULE, at.item(i), "\"" + account + "\" is no service account: NAME or NAMESPACE/NAME");
        }
    }

    private void operation(Operation operation, FieldPath at) {
        check.noneEmpty(operation.getHostsList(), RULE, at.field("hosts"));
        check.noneEmpty(operation.getNotHostsList(), RULE, at.field("notHosts"));
        check.noneEmpty(operation.getMethodsList(), RULE, at.field("methods"));
        check.noneEmpty(operation.getNotMethodsList(), RULE, at.field("notMethods"));
        ports(operation.getPortsList(), at.field("ports"));
        ports(operation.getNotPortsList(), at.field("notPorts"));
        paths(operation.getPathsList(), at.field("paths"));
        paths(operation.getNotPathsList(), at.field("notPaths"));
    }

    private void ports(List<String> ports, FieldPath at) {
        for (int i = 0; i < ports.size(); i++) {
            check.require(isPort(ports.get(i)), RULE, at.item(i), "\"" + ports.get(i) + "\" is no port");
        }
    }

    static boolean isPort(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(Character::isDigit)
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= 65_535;
    }

    /** A path, a prefix "/x*", a suffix "*x", or a template with "{*}" for a segment and "{**}" for the rest. */
    private void paths(List<String> paths, FieldPath at) {
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            check.given(path, RULE, at.item(i));
            if (path.contains("{") || path.contains("}")) {
                check.require(
                        isTemplate(path),
                        RULE,
                        at.item(i),
                        "\"" + path + "\" is no template: \"{*}\" for one segment, \"{**}\" once and after all others");
            }
        }
    }

    private static boolean isTemplate(String path) {
        boolean rest = false;
        if (!path.startsWith("/")) {
            return false;
        }
        for (String segment : path.substring(1).split("/", -1)) {
            boolean one = segment.equals("{*}");
            boolean all = segment.equals("{**}");
            boolean plain = segment.indexOf('{') < 0 && segment.indexOf('}') < 0 && segment.indexOf('*') < 0;
            if ((!one && !all && !plain) || (rest && (one || all))) {
                return false;
            }
            rest |= all;
        }
        return true;
    }
}
