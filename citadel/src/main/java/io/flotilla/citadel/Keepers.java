package io.flotilla.citadel;

import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.backend.ExternalBackend;
import io.flotilla.citadel.backend.PluggedFolder;
import io.flotilla.citadel.kubernetes.CertManagerDesk;
import io.flotilla.citadel.kubernetes.CsrDesk;
import io.flotilla.citadel.kubernetes.KubernetesApi;
import io.flotilla.citadel.kubernetes.RootSecret;
import io.flotilla.citadel.root.RootFolder;
import io.flotilla.citadel.root.RootRotation;
import io.flotilla.citadel.root.RootStore;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.rotation.Rotation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** Puts together, from the settings, who signs. */
record Keepers(CitadelSettings settings) {
    /** The backend that the settings choose, and what keeps it. */
    Keeper keeper(TrustDomain domain, Clock clock, SecureRandom random) throws IOException {
        Optional<ExternalBackend.Desk> desk = desk();
        if (desk.isEmpty()) {
            return new AuthorityKeeper(source(domain, clock, random), replica(), clock, random);
        }
        Path roots = Settings.path("root-file", settings.rootFile());
        Backend backend = new ExternalBackend(desk.get(), roots, clock, settings.signingPatience());
        return new ExternalKeeper(
                backend, Authority.selfSigned(domain, clock.instant(), settings.rootLifetime(), random));
    }

    private Optional<ExternalBackend.Desk> desk() {
        if (settings.csrSigner().isPresent()) {
            return Optional.of(new CsrDesk(kubernetes(), settings.csrSigner().get()));
        }
        return settings.certManagerIssuer()
                .map(issuer -> new CertManagerDesk(
                        kubernetes(), settings.namespace(), CertManagerDesk.IssuerName.parse(issuer)));
    }

    private AuthorityKeeper.Source source(TrustDomain domain, Clock clock, SecureRandom random) {
        if (settings.cacerts().isPresent()) {
            return new AuthorityKeeper.Source.Plugged(
                    new PluggedFolder(Path.of(settings.cacerts().get())));
        }
        RootStore.NewRoot wanted = new RootStore.NewRoot(domain, settings.rootLifetime(), settings.caKey());
        Rotation.Waits waits = new Rotation.Waits(
                settings.rotationPropagation(), settings.rotationWaitOut().orElse(settings.maxCertificateLifetime()));
        return new AuthorityKeeper.Source.SelfSigned(new RootRotation(rootStore(), wanted, waits, clock, random));
    }

    private AuthorityKeeper.Replica replica() {
        String name = "citadel " + ProcessHandle.current().pid();
        return new AuthorityKeeper.Replica(
                settings.intermediate(), name, settings.intermediateLifetime(), settings.caKey());
    }

    private RootStore rootStore() {
        return settings.caSecret().isPresent()
                ? new RootSecret(
                        kubernetes(), settings.namespace(), settings.caSecret().get())
                : new RootFolder(Settings.path("ca-dir", settings.caDir()));
    }

    /** The API server that the settings name. */
    KubernetesApi kubernetes() {
        try {
            return KubernetesApi.of(settings.kubernetesApi(), Path.of(settings.kubernetesCredentials()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
