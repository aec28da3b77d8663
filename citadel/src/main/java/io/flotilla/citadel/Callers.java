package io.flotilla.citadel;

import com.google.protobuf.util.JsonFormat;
import io.flotilla.citadel.CitadelSettings.TokenCheck;
import io.flotilla.citadel.bootstrap.BootstrapProof;
import io.flotilla.citadel.bootstrap.GrantStore;
import io.flotilla.citadel.call.CertificateProof;
import io.flotilla.citadel.kubernetes.KubernetesApi;
import io.flotilla.citadel.kubernetes.KubernetesBoundObjects;
import io.flotilla.citadel.kubernetes.TokenReviewProof;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.token.KeyCache;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.service.caller.BoundObjects;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.FetchedKeys;
import io.flotilla.service.caller.IssuerSettings;
import io.flotilla.service.caller.KeySource;
import io.flotilla.service.caller.Proof;
import io.flotilla.service.caller.TokenKeys;
import io.flotilla.service.caller.TokenProof;
import io.flotilla.service.fetch.GuardedFetch;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts together, from the settings, who is believed to be whom. */
final class Callers {
    private static final String KUBERNETES = "kubernetes";
    private static final String KUBERNETES_KEYS = "/openid/v1/jwks";

    private final CitadelSettings settings;
    private final Supplier<KubernetesApi> kubernetes;
    private final Clock clock;

    Callers(CitadelSettings settings, Supplier<KubernetesApi> kubernetes, Clock clock) {
        this.settings = settings;
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    CallerCheck check(Optional<GrantStore> grants, CertificateProof.Revoked revoked) {
        List<Proof> proofs = new ArrayList<>();
        grants.ifPresent(store -> proofs.add(new BootstrapProof(store, clock)));
        List<TokenProof.Issuer> issuers = new ArrayList<>();
        settings.oidc().forEach((name, oidc) -> issuers.add(issuer(name, oidc)));
        if (settings.tokenCheck() == TokenCheck.REVIEW) {
            proofs.add(new TokenReviewProof(kubernetes.get(), settings.audience(), clock));
        } else {
            issuers.add(platform());
        }
        proofs.add(new TokenProof(issuers, clock));
        if (settings.renewByCertificate()) {
            proofs.add(new CertificateProof(new TrustDomain(settings.trustDomain()), clock, revoked));
        }
        return new CallerCheck(proofs);
    }

    private TokenProof.Issuer platform() {
        BoundObjects bound = settings.tokenCheck() == TokenCheck.KEYS_AND_PODS
                ? new KubernetesBoundObjects(kubernetes.get(), clock)
                : BoundObjects.UNCHECKED;
        TokenPolicy policy = new TokenPolicy(settings.issuer(), settings.audience(), TokenPolicy.LEEWAY);
        return new TokenProof.Issuer(policy, platformKeys(), bound);
    }

    private KeySource platformKeys() {
        if (settings.jwksUri().isEmpty()) {
            return new TokenKeys(Settings.path("jwks-file", settings.jwksFile()));
        }
        String uri = settings.jwksUri().get();
        return uri.equals(KUBERNETES)
                ? new FetchedKeys("the API server", this::fromApiServer, clock, KeyCache.Periods.USUAL)
                : IssuerSettings.fetched(URI.create(uri), settings.jwksAllowPrivate(), clock);
    }

    private TokenProof.Issuer issuer(String name, CitadelSettings.Oidc oidc) {
        return new IssuerSettings(
                        "flotilla.oidc." + name,
                        oidc.issuer(),
                        oidc.audience(),
                        new IssuerSettings.Keys(oidc.jwksFile(), oidc.jwksUri(), settings.jwksAllowPrivate()),
                        oidc.subjects())
                .believed(clock);
    }

    private GuardedFetch.Outcome fromApiServer() {
        try {
            KubernetesApi.Answer answer = kubernetes.get().get(KUBERNETES_KEYS);
            return answer.done()
                    ? new GuardedFetch.Outcome.Fetched(JsonFormat.printer().print(answer.body()))
                    : new GuardedFetch.Outcome.Failed("the API server says " + answer.reason());
        } catch (IOException e) {
            return new GuardedFetch.Outcome.Failed("the API server is away");
        }
    }
}
