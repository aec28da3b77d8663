package io.flotilla.bench.ca;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateCheck;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.Issuance;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.token.Jwks;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.identity.token.TokenVerdict;
import io.flotilla.identity.token.TokenVerifier;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a PEM request and a bearer token to a PEM certificate, per second of processor time of the thread; beside it
 * what one verification and one signature alone cost, which nobody can do without.
 */
public final class IssueBench {
    private static final int REQUESTS = 256;

    private final SecureRandom random = new SecureRandom();
    private final Instant now = Instant.now();
    private final LocalTokenIssuer issuer = LocalTokenIssuer.create(random);
    private final Jwks keys = Jwks.parse(issuer.jwks()).orElseThrow();
    private final TrustDomain domain = new TrustDomain("cluster.local");
    private final Authority root = Authority.selfSigned(domain, now.minusSeconds(60), Duration.ofDays(365), random);
    private final TokenPolicy tokens = new TokenPolicy(LocalTokenIssuer.ISSUER, "istio-ca", TokenPolicy.LEEWAY);
    private final IssuancePolicy policy = new IssuancePolicy(
            domain,
            new ServerNames(Map.of()),
            new IssuancePolicy.Lifetimes(Duration.ofDays(1), Duration.ofDays(90)),
            root.notAfter(),
            IssuancePolicy.BACKDATE);
    private final List<Request> requests = new ArrayList<>();

    private record Request(String csr, String token) {}

    private IssueBench() {
        for (int i = 0; i < REQUESTS; i++) {
            String token = issuer.mint(
                    new LocalTokenIssuer.TokenRequest(
                            new ServiceAccount("default", "w" + i), Optional.empty(), "istio-ca", Duration.ofDays(1)),
                    now,
                    random);
            requests.add(new Request(CsrBuilder.build(KeyForms.generate(random), List.of(), List.of(), random), token));
        }
    }

    /** Seconds to measure, and "jdk" for the JDK's own provider. */
    public static void main(String[] args) throws GeneralSecurityException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 5;
        if (args.length < 2 || !args[1].equals("jdk")) {
            AmazonCorrettoCryptoProvider.install();
        }
        System.out.println(
                "provider\t" + Signature.getInstance("SHA256withECDSA").getProvider());
        IssueBench bench = new IssueBench();
        Work limit = bench.limit();
        for (int round = 0; round < 3; round++) {
            double certificates = rate(bench::issue, seconds);
            double alone = rate(bench::certify, seconds);
            double bound = rate(limit, seconds);
            System.out.printf(
                    "CSR and token to certificate %.0f/s, CSR to certificate %.0f/s, limit (1 verify, 1 sign) %.0f/s,"
                            + " ratios %.2f and %.2f, all per second of processor time%n",
                    certificates, alone, bound, bound / certificates, bound / alone);
        }
    }

    /** One of many. */
    private interface Work {
        void run(int i) throws GeneralSecurityException;
    }

    private static double rate(Work work, double seconds) throws GeneralSecurityException {
        var thread = ManagementFactory.getThreadMXBean();
        long begin = thread.getCurrentThreadCpuTime();
        int count = 0;
        while (thread.getCurrentThreadCpuTime() - begin < seconds * 1e9) {
            for (int i = 0; i < 32; i++) {
                work.run(count++);
            }
        }
        return count * 1e9 / (thread.getCurrentThreadCpuTime() - begin);
    }

    private void issue(int i) {
        Request request = requests.get(i % REQUESTS);
        TokenVerdict verdict = TokenVerifier.verify(request.token(), keys, tokens, now);
        if (!(verdict instanceof TokenVerdict.Valid valid)) {
            throw new IllegalStateException(verdict.toString());
        }
        certificate(new Caller(valid.token().account(), "token"), request.csr());
    }

    private void certify(int i) {
        certificate(
                new Caller(new ServiceAccount("default", "w"), "nothing"),
                requests.get(i % REQUESTS).csr());
    }

    private void certificate(Caller caller, String csr) {
        CsrOutcome read = CsrReader.read(csr);
        Issuance.Decision decision = Issuance.decide(
                caller,
                ((CsrOutcome.Read) read).request(),
                Duration.ZERO,
                policy,
                new Issuance.Moment(now, Certificates.serial(random)));
        Issuance.Decision.Granted granted = (Issuance.Decision.Granted) decision;
        X509Certificate leaf = root.sign(granted.template(), random);
        List<String> problems = CertificateCheck.problemsOfOurs(leaf, root.certificate(), granted.template(), now);
        if (!problems.isEmpty() || Certificates.pem(List.of(leaf)).isEmpty()) {
            throw new IllegalStateException(problems.toString());
        }
    }

    private Work limit() throws GeneralSecurityException {
        KeyPair pair = KeyForms.generate(random);
        byte[] content = new byte[300];
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(content);
        byte[] signed = signer.sign();
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(pair.getPublic());
        return i -> {
            verifier.update(content);
            if (!verifier.verify(signed)) {
                throw new IllegalStateException("not verified");
            }
            signer.update(content);
            signer.sign();
        };
    }
}
