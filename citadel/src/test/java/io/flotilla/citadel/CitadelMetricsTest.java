package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.citadel.call.CertificateService;
import io.flotilla.citadel.kubernetes.AccountSecrets;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.issue.Caller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CitadelMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CitadelMetrics metrics = new CitadelMetrics(registry);

    @Test
    void eachThingThatHappensHasTheNameThatDashboardsKnow() {
        for (CertificateService.Event event : CertificateService.Event.values()) {
            metrics.called(event);
        }
        for (AccountSecrets.Event event : AccountSecrets.Event.values()) {
            metrics.delivered(event);
        }
        Caller caller = new Caller(new ServiceAccount("default", "reviews"), "test");
        SpiffeId id = SpiffeId.of("cluster.local", "default", "reviews");
        X509Certificate root = Authority.selfSigned(
                        new TrustDomain("cluster.local"), Instant.now(), Duration.ofDays(1), new SecureRandom())
                .certificate();
        metrics.outcome(caller, id, new Signer.Outcome.Issued(root, List.of(), List.of()));
        metrics.outcome(caller, id, new Signer.Outcome.Refused("no"));
        metrics.outcome(caller, id, new Signer.Outcome.Limited("later"));

        Map<String, Double> values = new TreeMap<>();
        registry.getMeters()
                .forEach(meter -> values.put(
                        meter.getId().getName().replace('.', '_'),
                        registry.get(meter.getId().getName()).gauge().value()));
        assertThat(values)
                .containsOnly(
                        Map.entry("citadel_server_csr_count", 1.0),
                        Map.entry("citadel_server_authentication_failure_count", 1.0),
                        Map.entry("citadel_server_csr_parsing_err_count", 1.0),
                        Map.entry("citadel_server_id_extraction_err_count", 1.0),
                        Map.entry("citadel_server_csr_sign_err_count", 1.0),
                        Map.entry("citadel_server_csr_limited_count", 1.0),
                        Map.entry("citadel_server_success_cert_issuance_count", 1.0),
                        Map.entry("citadel_secret_controller_svc_acc_created_cert_count", 1.0),
                        Map.entry("citadel_secret_controller_svc_acc_deleted_cert_count", 1.0),
                        Map.entry("citadel_secret_controller_secret_deleted_cert_count", 1.0),
                        Map.entry("citadel_secret_controller_csr_sign_err_count", 1.0));
    }
}
