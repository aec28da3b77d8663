package io.flotilla.config.analysis.security;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an AuthorizationPolicy says about requests. */
final class AuthorizationOperations implements Check {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE");

    private static final Entry METHOD = Entry.warning(
                    "FA0511", "an AuthorizationPolicy names a method that no request has", """
                    Methods are those of HTTP, in capitals. A method of gRPC is not named here: it is a path,
                    "/PACKAGE.SERVICE/METHOD", and its HTTP method is always POST. As it stands no request fits.
                    Write the HTTP method, or move the name of a gRPC method to paths.""")
            .kiali("KIA0102");
    private static final Entry HOST = Entry.warning(
                    "FA0512", "an AuthorizationPolicy names a host that is not in the mesh", """
                    Hosts are compared with the request's Host header. No service, ServiceEntry or VirtualService has
                    this one, so requests with it hardly arrive. Write the name as callers do, often in all its forms:
                    NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc.DOMAIN, each also with ":*" for a port.""")
            .kiali("KIA0104");
    private static final Entry TCP = Entry.warning(
            "FA0522", "an AuthorizationPolicy has conditions of HTTP for workloads that speak only TCP", """
            Hosts, methods, paths and request principals are known only where the proxy understands HTTP. All ports of
            the policy's workloads are declared as TCP, so an ALLOW rule with such a condition never fits, and in a
            DENY rule the condition is left out, which then denies more than was meant. Use ports and callers, or
            declare the protocol of the Service's port.""");

    @Override
    public List<Entry> entries() {
        return List.of(METHOD, HOST, TCP);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<String> routed = new HashSet<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            routed.addAll(service.spec().getHostsList());
        }
        for (Config<AuthorizationPolicy> policy : AuthorizationRules.policies(mesh)) {
            boolean[] reported = {false};
            AuthorizationRules.operations(policy, (operation, at) -> {
                for (int i = 0; i < operation.getMethodsCount(); i++) {
                    method(policy, operation.getMethods(i), at.field("methods").item(i), findings);
                }
                for (int i = 0; i < operation.getHostsCount(); i++) {
                    host(
                            mesh,
                            routed,
                            policy,
                            operation.getHosts(i),
                            at.field("hosts").item(i),
                            findings);
                }
                boolean http = operation.getMethodsCount() + operation.getPathsCount() + operation.getHostsCount() > 0;
                if (http && !reported[0] && onlyTcp(mesh, policy)) {
                    reported[0] = true;
                    findings.report(TCP, policy, at, "asks about requests, but its workloads are called by TCP only");
                }
            });
        }
    }

    private static void method(Config<AuthorizationPolicy> policy, String method, FieldPath at, Findings findings) {
        boolean fits = method.contains("*") || METHODS.contains(method) || method.startsWith("/");
        if (!fits) {
            String upper = method.toUpperCase(Locale.ROOT);
            String hint = METHODS.contains(upper) ? "write \"" + upper + "\"" : "a method of gRPC is a path";
            findings.report(METHOD, policy, at, "\"" + method + "\" is no method of HTTP; " + hint);
        }
    }

    private static void host(
            Mesh mesh,
            Set<String> routed,
            Config<AuthorizationPolicy> policy,
            String host,
            FieldPath at,
            Findings findings) {
        int colon = host.lastIndexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        if (name.contains("*") || name.isEmpty()) {
            return;
        }
        boolean known = mesh.hosts().known(name, policy.namespace())
                || mesh.hosts().known(name + ".svc." + mesh.settings().domainSuffix(), policy.namespace())
                || routed.stream().anyMatch(each -> Hostnames.matches(each, name));
        if (!known) {
            findings.report(HOST, policy, at, "no service and no VirtualService has the host \"" + name + "\"");
        }
    }

    private static boolean onlyTcp(Mesh mesh, Config<AuthorizationPolicy> policy) {
        if (policy.spec().getSelector().getMatchLabelsCount() == 0) {
            return false;
        }
        List<Protocol> protocols = AuthorizationRules.workloads(mesh, policy).stream()
                .flatMap(each -> mesh.services().selecting(each).stream())
                .distinct()
                .flatMap(each -> mesh.hosts().named(mesh.hosts().full(each.name(), each.namespace())).stream())
                .flatMap(each -> each.ports().stream())
                .map(ServicePort::protocol)
                .toList();
        return !protocols.isEmpty() && protocols.stream().noneMatch(each -> each.isHttp() || each == Protocol.AUTO);
    }
}
