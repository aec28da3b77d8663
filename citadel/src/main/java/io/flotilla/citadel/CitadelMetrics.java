package io.flotilla.citadel;

import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.call.CertificateService;
import io.flotilla.citadel.federation.PeerRoots;
import io.flotilla.citadel.kubernetes.AccountSecrets;
import io.flotilla.citadel.revoke.RevocationLists;
import io.flotilla.citadel.secret.SecretSource;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.issue.Caller;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What Citadel counts, under the classic names (citadel_*). */
@ApplicationScoped
class CitadelMetrics {
    private final MeterRegistry registry;
    private final LongAdder requests;
    private final LongAdder unproven;
    private final LongAdder badCsr;
    private final LongAdder issued;
    private final LongAdder refused;
    private final LongAdder limited;
    private final LongAdder idExtraction;
    private final LongAdder accountsCreated;
    private final LongAdder accountsDeleted;
    private final LongAdder secretsDeleted;
    private final LongAdder secretsNotSigned;

    CitadelMetrics(MeterRegistry registry) {
        this.registry = registry;
        requests = counter("citadel.server.csr.count", "requests to the CSR API");
        unproven = counter("citadel.server.authentication.failure.count", "requests whose caller is not proven");
        badCsr = counter("citadel.server.csr.parsing.err.count", "requests whose CSR is refused");
        issued = counter("citadel.server.success.cert.issuance.count", "certificates issued, by CSR and SDS");
        limited = counter("citadel.server.csr.limited.count", "requests beyond the rate limits");
        idExtraction = counter("citadel.server.id.extraction.err.count", "requests in a name that is not the caller's");
        accountsCreated =
                counter("citadel.secret.controller.svc.acc.created.cert.count", "first secrets of service accounts");
        accountsDeleted = counter(
                "citadel.secret.controller.svc.acc.deleted.cert.count", "secrets that went with their service account");
        secretsDeleted = counter(
                "citadel.secret.controller.secret.deleted.cert.count",
                "secrets made again after somebody removed them");
        secretsNotSigned =
                counter("citadel.secret.controller.csr.sign.err.count", "secrets for which nothing was signed");
        refused = counter("citadel.server.csr.sign.err.count", "certificates refused by policy");
    }

    void delivered(AccountSecrets.Event event) {
        switch (event) {
            case ACCOUNT_CREATED -> accountsCreated.increment();
            case ACCOUNT_DELETED -> accountsDeleted.increment();
            case SECRET_DELETED -> secretsDeleted.increment();
            case NOT_SIGNED -> secretsNotSigned.increment();
        }
    }

    void called(CertificateService.Event event) {
        switch (event) {
            case REQUEST -> requests.increment();
            case UNPROVEN -> unproven.increment();
            case BAD_CSR -> badCsr.increment();
            case NOT_DELEGATED -> idExtraction.increment();
        }
    }

    void outcome(Caller caller, SpiffeId id, Signer.Outcome outcome) {
        switch (outcome) {
            case Signer.Outcome.Issued done -> issued.increment();
            case Signer.Outcome.Refused no -> refused.increment();
            case Signer.Outcome.Unclaimed no -> refused.increment();
            case Signer.Outcome.Limited no -> limited.increment();
            case Signer.Outcome.Unavailable no -> refused.increment();
        }
    }

    void register(Backend backend, SecretSource secrets, PeerRoots peers, RevocationLists lists) {
        gauge(
                "citadel.revocation.lists.missing",
                "1 while a serial number is revoked and no list can be sent, so that TCP peers are refused late",
                () -> lists.problem().isEmpty() ? 0 : 1);
        gauge(
                "citadel.federation.bundle.age.seconds",
                "age of the oldest bundle of another mesh",
                peers::oldestSeconds);
        gauge(
                "citadel.server.root.cert.expiry.timestamp",
                "end of the first root to end, seconds since 1970",
                () -> backend.trust().roots().stream()
                        .mapToLong(root -> root.getNotAfter().toInstant().getEpochSecond())
                        .min()
                        .orElse(0));
        gauge(
                "citadel.server.cert.chain.expiry.timestamp",
                "end of what signs, seconds since 1970",
                () -> backend.trust().notAfter().getEpochSecond());
        gauge("citadel.sds.streams", "open SDS streams", secrets::streams);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** A gauge to the registry, since a counter's name would get a "_total" that the classic name has not. */
    private LongAdder counter(String name, String description) {
        LongAdder adder = new LongAdder();
        Gauge.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
        return adder;
    }
}
