package io.flotilla.identity.federation;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.CertificateData;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What MeshConfig says about further roots (caCertificates, defaultConfig.caCertificatesPem): which are given, and which
 * are to be fetched.
 *
 * @param domains   names of the mesh's trust domain
 * @param own       roots that are given for those
 * @param given     trust domains of other meshes, with the roots that are given
 * @param endpoints trust domain of another mesh to where its bundle is
 * @param problems  what is passed over, and why
 */
public record TrustPlan(
        List<String> domains,
        List<X509Certificate> own,
        Map<String, List<X509Certificate>> given,
        Map<String, URI> endpoints,
        List<String> problems) {
    public TrustPlan {
        domains = List.copyOf(domains);
        own = List.copyOf(own);
        given = java.util.Collections.unmodifiableMap(new TreeMap<>(given));
        endpoints = java.util.Collections.unmodifiableMap(new TreeMap<>(endpoints));
        problems = List.copyOf(problems);
    }

    /**
     * As the mesh says.
     *
     * @param domain whose certificates are issued here
     * @param signer that of the Kubernetes CSR API which signs here; empty for any other way
     */
    public static TrustPlan of(MeshConfig mesh, TrustDomain domain, Optional<String> signer) {
        Set<String> domains = new LinkedHashSet<>();
        domains.add(domain.name());
        domains.addAll(mesh.getTrustDomainAliasesList());
        Draft draft = new Draft(domains);
        for (int i = 0; i < mesh.getCaCertificatesCount(); i++) {
            CertificateData data = mesh.getCaCertificates(i);
            Draft.Place place = draft.at("caCertificates[" + i + "]");
            Set<String> named = new LinkedHashSet<>(data.getTrustDomainsList());
            boolean ours = named.isEmpty() || named.removeAll(domains);
            if (ours
                    && (data.getCertSignersCount() == 0
                            || signer.filter(data.getCertSignersList()::contains)
                                    .isPresent())) {
                place.own(data);
            }
            named.forEach(other -> place.other(other, data));
        }
        for (int i = 0; i < mesh.getDefaultConfig().getCaCertificatesPemCount(); i++) {
            draft.at("defaultConfig.caCertificatesPem[" + i + "]")
                    .own(CertificateData.newBuilder()
                            .setPem(mesh.getDefaultConfig().getCaCertificatesPem(i))
                            .build());
        }
        return draft.plan();
    }

    /** With what was fetched of other meshes. */
    public PeerTrust with(Map<String, SpiffeBundle> fetched) {
        Map<String, List<X509Certificate>> others = new TreeMap<>();
        given.forEach((domain, roots) -> others.put(domain, new ArrayList<>(roots)));
        endpoints.keySet().forEach(domain -> {
            List<X509Certificate> roots = others.computeIfAbsent(domain, any -> new ArrayList<>());
            Optional.ofNullable(fetched.get(domain)).map(SpiffeBundle::authorities).orElse(List.of()).stream()
                    .filter(root -> !roots.contains(root))
                    .forEach(roots::add);
        });
        return new PeerTrust(domains, own, others);
    }

    private static final class Draft {
        private final Set<String> domains;
        private final List<X509Certificate> own = new ArrayList<>();
        private final Map<String, List<X509Certificate>> given = new LinkedHashMap<>();
        private final Map<String, URI> endpoints = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        Draft(Set<String> domains) {
            this.domains = domains;
        }

        Place at(String name) {
            return new Place(name);
        }

        TrustPlan plan() {
            return new TrustPlan(List.copyOf(domains), own, given, endpoints, problems);
        }

        /** One entry of MeshConfig. */
        private final class Place {
            private final String name;

            Place(String name) {
                this.name = name;
            }

            void own(CertificateData data) {
                if (data.hasSpiffeBundleUrl()) {
                    // Whoever answers there could make itself anybody of this mesh.
                    problems.add(
                            name + ".spiffeBundleUrl is for trust domains of other meshes: name them in trustDomains");
                } else {
                    roots(data.getPem()).stream()
                            .filter(root -> !own.contains(root))
                            .forEach(own::add);
                }
            }

            void other(String domain, CertificateData data) {
                if (TrustDomain.parse(domain).isEmpty()) {
                    problems.add(name + ".trustDomains has \"" + domain + "\", which is no trust domain");
                    return;
                }
                List<X509Certificate> roots = given.computeIfAbsent(domain, any -> new ArrayList<>());
                if (!data.hasSpiffeBundleUrl()) {
                    roots(data.getPem()).stream()
                            .filter(root -> !roots.contains(root))
                            .forEach(roots::add);
                    return;
                }
                try {
                    URI before = endpoints.putIfAbsent(domain, URI.create(data.getSpiffeBundleUrl()));
                    if (before != null && !before.toString().equals(data.getSpiffeBundleUrl())) {
                        problems.add(
                                name + ".spiffeBundleUrl is a second one for " + domain + ": " + before + " is asked");
                    }
                } catch (IllegalArgumentException e) {
                    problems.add(name + ".spiffeBundleUrl is no URL");
                }
            }

            private List<X509Certificate> roots(String pem) {
                Optional<List<X509Certificate>> roots = Certificates.parse(pem);
                if (roots.isEmpty()) {
                    problems.add(name + " holds no certificate that can be read");
                }
                return roots.orElse(List.of());
            }
        }
    }
}
