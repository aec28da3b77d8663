package io.flotilla.config.analysis.security;

import com.google.protobuf.Struct;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tokens that are checked and not required, or required and not checked. */
final class TokenChecks implements Check {
    private static final Entry NOT_REQUIRED = Entry.info("FA0517", "tokens are checked, but not required", """
            A RequestAuthentication refuses requests with a bad token, and lets requests without any token pass. No
            AuthorizationPolicy asks for a token here, so callers get in by leaving it out. Add a policy that allows
            only requestPrincipals ["*"], unless anonymous requests are meant to pass.""");
    private static final Entry NOT_CHECKED =
            Entry.warning("FA0518", "a policy asks for a token that nobody checks", """
            The AuthorizationPolicy has a condition on the token of a request (requestPrincipals, or
            request.auth. keys), but no RequestAuthentication applies to its workloads, so no token is ever read: an
            ALLOW rule fits nobody. Add a RequestAuthentication with the issuer for the same workloads.""");
    private static final Entry PORT = Entry.warning(
                    "FA0519", "tokens are checked on a port that is not known to speak HTTP", """
                    A token is part of an HTTP request, so it is checked only on ports whose protocol is HTTP. The
                    Service's port is named for another protocol, and no token is checked there. Name the port http,
                    http2 or grpc (or with such a prefix and "-"), or set appProtocol.""")
            .istio("IST0119");

    @Override
    public List<Entry> entries() {
        return List.of(NOT_REQUIRED, NOT_CHECKED, PORT);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<WorkloadFact> checked = new HashSet<>();
        Set<WorkloadFact> required = new HashSet<>();
        for (Config<AuthorizationPolicy> policy : AuthorizationRules.policies(mesh)) {
            if (asksForToken(policy.spec())) {
                AuthorizationRules.workloads(mesh, policy).forEach(required::add);
            }
        }
        for (Config<RequestAuthentication> authentication : authentications(mesh)) {
            List<WorkloadFact> workloads = workloads(mesh, authentication);
            checked.addAll(workloads);
            if (authentication.spec().getJwtRulesCount() > 0) {
                if (!workloads.isEmpty() && workloads.stream().noneMatch(required::contains)) {
                    findings.report(
                            NOT_REQUIRED,
                            authentication,
                            Paths.SPEC,
                            "no AuthorizationPolicy requires the token: requests without one pass");
                }
                ports(mesh, authentication, workloads, findings);
            }
        }
        for (Config<AuthorizationPolicy> policy : AuthorizationRules.policies(mesh)) {
            List<WorkloadFact> workloads = AuthorizationRules.workloads(mesh, policy);
            if (asksForToken(policy.spec())
                    && !workloads.isEmpty()
                    && workloads.stream().noneMatch(checked::contains)) {
                findings.report(
                        NOT_CHECKED,
                        policy,
                        Paths.SPEC.field("rules"),
                        "asks for a token, but no RequestAuthentication reads tokens for these workloads");
            }
        }
    }

    private static List<Config<RequestAuthentication>> authentications(Mesh mesh) {
        return mesh.all(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.class);
    }

    static List<WorkloadFact> workloads(Mesh mesh, Config<RequestAuthentication> authentication) {
        RequestAuthentication spec = authentication.spec();
        if (spec.hasTargetRef() || spec.getTargetRefsCount() > 0) {
            return List.of();
        }
        Map<String, String> selector = spec.getSelector().getMatchLabelsMap();
        return authentication.namespace().equals(mesh.settings().rootNamespace())
                ? mesh.workloads().selectAnywhere(selector)
                : mesh.workloads().select(authentication.namespace(), selector);
    }

    private static boolean asksForToken(AuthorizationPolicy policy) {
        return policy.getRulesList().stream()
                .anyMatch(rule -> rule.getFromList().stream()
                                .map(from -> from.getSource())
                                .anyMatch(source ->
                                        source.getRequestPrincipalsCount() + source.getNotRequestPrincipalsCount() > 0)
                        || rule.getWhenList().stream()
                                .anyMatch(when -> when.getKey().startsWith("request.auth.")));
    }

    private static void ports(
            Mesh mesh, Config<RequestAuthentication> authentication, List<WorkloadFact> workloads, Findings findings) {
        Set<String> services = new TreeSet<>();
        if (authentication.spec().getSelector().getMatchLabelsCount() == 0) {
            return;
        }
        for (WorkloadFact workload : workloads) {
            for (Config<Struct> service : mesh.services().selecting(workload)) {
                if (services.add(service.key().resourceName())) {
                    mesh.hosts()
                            .named(mesh.hosts().full(service.name(), service.namespace()))
                            .forEach(each -> port(authentication, each, findings));
                }
            }
        }
    }

    private static void port(Config<RequestAuthentication> authentication, MeshService service, Findings findings) {
        boolean http =
                service.ports().stream().anyMatch(port -> port.protocol().isHttp() || port.protocol() == Protocol.AUTO);
        if (!http && !service.ports().isEmpty()) {
            findings.report(
                    PORT,
                    authentication,
                    Paths.SPEC.field("jwtRules"),
                    "no port of " + service.hostname() + " speaks HTTP ("
                            + service.ports().getFirst().name() + " is "
                            + service.ports().getFirst().protocol() + "), so no token is checked there");
        }
    }
}
