package io.flotilla.service;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A root of its own for each test, and what it vouches for. */
final class TestRoot {
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    static final ServiceAccount GALLEY = new ServiceAccount("istio-system", "istio-galley-service-account");
    static final ServiceAccount PILOT = new ServiceAccount("istio-system", "istio-pilot-service-account");
    static final SecureRandom RANDOM = new SecureRandom();

    final Authority authority = Authority.selfSigned(DOMAIN, Instant.now(), Duration.ofDays(1), RANDOM);

    IdentityMaterial material(ServiceAccount account, String dnsName, Duration life) {
        KeyPair pair = KeyForms.generate(RANDOM);
        X509Certificate leaf = leaf(pair.getPublic(), account, List.of(dnsName), life);
        return new IdentityMaterial(
                new SpiffeId(DOMAIN, account), pair.getPrivate(), List.of(leaf), List.of(authority.certificate()));
    }

    X509Certificate leaf(PublicKey key, ServiceAccount account, List<String> dnsNames, Duration life) {
        Instant now = Instant.now();
        return authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(new SpiffeId(DOMAIN, account).uri()),
                        dnsNames,
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plus(life)),
                        new CertificateTemplate.Holder(key, false)),
                RANDOM);
    }
}
