package io.flotilla.config.analysis.security;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Callers that an AuthorizationPolicy names and that cannot come. */
final class AuthorizationSources implements Check {
    private static final Entry NAMESPACE = Entry.warning(
                    "FA0510", "an AuthorizationPolicy names a namespace that does not exist", """
                    A source narrows a rule to callers of a namespace, and there is none of that name, so the rule fits
                    nobody (or, in notNamespaces, excludes nobody). Correct the name.""")
            .kiali("KIA0101");
    private static final Entry ACCOUNT = Entry.warning(
                    "FA0514", "an AuthorizationPolicy names a service account that nobody has", """
                    Principals are service accounts, as TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT. No workload runs under
                    this one and no ServiceAccount of that name is there, so the rule fits nobody. Correct the
                    principal; the account is what the pod's serviceAccountName says, not the name of the
                    Deployment.""")
            .kiali("KIA0106");
    private static final Entry TRUST_DOMAIN = Entry.warning(
                    "FA0515", "an AuthorizationPolicy names a trust domain that the mesh does not have", """
                    A principal begins with the trust domain of the mesh that issued the caller's certificate. This one
                    is neither the mesh's own nor one of its aliases, nor that of another mesh whose roots
                    caCertificates name, so no certificate can match. Write the mesh's trust domain (or cluster.local,
                    which always means it), use "*/ns/...", or add the domain to trustDomainAliases.""")
            .kiali("KIA0108");
    private static final Entry NO_MTLS = Entry.error(
                    "FA0513", "an AuthorizationPolicy asks who the caller is, but mutual TLS is off", """
                    Principals and namespaces of callers are read from their certificates, and the policy's workloads
                    do not accept mutual TLS, so the caller is never known: ALLOW rules fit nobody and DENY rules deny
                    nobody. Allow mutual TLS for the workloads (PeerAuthentication STRICT, or PERMISSIVE), or use
                    conditions that do not need it.""")
            .kiali("KIA0105");

    @Override
    public List<Entry> entries() {
        return List.of(NAMESPACE, ACCOUNT, TRUST_DOMAIN, NO_MTLS);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Accounts accounts = new Accounts(mesh);
        ServerMtls servers = new ServerMtls(mesh);
        for (Config<AuthorizationPolicy> policy : AuthorizationRules.policies(mesh)) {
            Set<String> identities = new TreeSet<>();
            AuthorizationRules.sources(policy, (source, at) -> {
                namespaces(mesh, policy, source.getNamespacesList(), at.field("namespaces"), findings);
                namespaces(mesh, policy, source.getNotNamespacesList(), at.field("notNamespaces"), findings);
                principals(mesh, accounts, policy, source.getPrincipalsList(), at.field("principals"), findings);
                principals(mesh, accounts, policy, source.getNotPrincipalsList(), at.field("notPrincipals"), findings);
                if (source.getPrincipalsCount()
                                + source.getNamespacesCount()
                                + source.getNotPrincipalsCount()
                                + source.getNotNamespacesCount()
                        > 0) {
                    identities.add(at.toString());
                    if (identities.size() == 1) {
                        mtls(mesh, servers, policy, at, findings);
                    }
                }
            });
        }
    }

    private static void namespaces(
            Mesh mesh, Config<AuthorizationPolicy> policy, List<String> names, FieldPath at, Findings findings) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean known = name.contains("*")
                    ? mesh.namespaces().all().stream().anyMatch(each -> fits(name, each))
                    : mesh.namespaces().known(name);
            if (!known) {
                findings.report(NAMESPACE, policy, at.item(i), "there is no namespace \"" + name + "\"");
            }
        }
    }

    private static boolean fits(String pattern, String text) {
        return pattern.equals("*")
                || (pattern.endsWith("*") && text.startsWith(pattern.substring(0, pattern.length() - 1)))
                || (pattern.startsWith("*") && text.endsWith(pattern.substring(1)));
    }

    private static void principals(
            Mesh mesh,
            Accounts accounts,
            Config<AuthorizationPolicy> policy,
            List<String> principals,
            FieldPath at,
            Findings findings) {
        for (int i = 0; i < principals.size(); i++) {
            String principal = principals.get(i);
            int path = principal.indexOf("/ns/");
            if (path < 0) {
                continue;
            }
            String domain = principal.substring(0, path);
            boolean known = domain.contains("*")
                    || domain.equals("cluster.local")
                    || domain.equals(mesh.settings().trustDomain())
                    || mesh.settings().trustDomainAliases().contains(domain);
            String[] parts = principal.substring(path).split("/", -1);
            if (!known && isOtherMesh(mesh, domain)) {
                // Its accounts are in no registry here.
                continue;
            }
            if (!known) {
                findings.report(
                        TRUST_DOMAIN,
                        policy,
                        at.item(i),
                        "trust domain \"" + domain + "\" is not the mesh's; write "
                                + mesh.settings().trustDomain());
            } else if (parts.length == 5
                    && parts[3].equals("sa")
                    && !principal.substring(path).contains("*")
                    && !accounts.known(parts[2], parts[4])) {
                findings.report(
                        ACCOUNT,
                        policy,
                        at.item(i),
                        "nobody runs as service account " + parts[4] + " of namespace " + parts[2]);
            }
        }
    }

    private static boolean isOtherMesh(Mesh mesh, String domain) {
        return mesh.snapshot().mesh().getCaCertificatesList().stream()
                .anyMatch(authority -> authority.getTrustDomainsList().contains(domain));
    }

    private static void mtls(
            Mesh mesh, ServerMtls servers, Config<AuthorizationPolicy> policy, FieldPath at, Findings findings) {
        List<WorkloadFact> workloads = AuthorizationRules.workloads(mesh, policy);
        boolean off = !workloads.isEmpty() && workloads.stream().allMatch(servers::off);
        if (off) {
            findings.report(NO_MTLS, policy, at, "asks who the caller is, but its workloads have mutual TLS off");
        }
    }
}
