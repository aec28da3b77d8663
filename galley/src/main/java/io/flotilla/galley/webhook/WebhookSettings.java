package io.flotilla.galley.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the webhook: properties "flotilla.*", environment FLOTILLA_*. */
@ConfigMapping(prefix = "flotilla")
interface WebhookSettings {
    /** HTTPS. 0 is off, negative takes a free port. */
    @WithDefault("9443")
    int webhookPort();

    /** Address of the webhook. */
    @WithDefault("127.0.0.1")
    String bind();

    /** "1.1" judges by the rules of classic Istio. */
    Optional<String> compatibility();

    /** Where the suite runs. */
    @WithDefault("istio-system")
    String namespace();

    Webhook webhook();

    /** Of the webhook alone. */
    interface Webhook {
        /** PEM certificate chain and key, where they do not come from Citadel. Read again on change. */
        Optional<String> certFile();

        Optional<String> keyFile();

        /** PEM roots that vouch for the certificate in {@code certFile}. Read again on change. */
        Optional<String> caFile();

        /** After which whoever asks is told that it took too long. */
        @WithDefault("8s")
        Duration limit();

        /** ValidatingWebhookConfiguration that is kept current; absent: somebody else does it. */
        Optional<String> configuration();
    }
}
