package io.flotilla.galley.webhook;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.service.https.NotAReview;
import io.flotilla.service.https.Review;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Answers reviews by the era of the mesh as it was last published. */
@ApplicationScoped
class Reviews implements PublishListener {
    private static final Logger LOG = Logger.getLogger("galley.webhook");
    private static final String CLASSIC = "1.1";

    private final ValidationMetrics metrics;
    private final Instance<MeshCheck> checks;
    private final boolean alwaysClassic;
    private volatile boolean classic;

    Reviews(WebhookSettings settings, ValidationMetrics metrics, Instance<MeshCheck> checks) {
        this.metrics = metrics;
        this.checks = checks;
        this.alwaysClassic = settings.compatibility().filter(CLASSIC::equals).isPresent();
        this.classic = alwaysClassic;
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        String era = outcome.held().mesh().meshConfig().getCompatibility();
        classic = alwaysClassic || era.equals(CLASSIC);
    }

    JsonObject answer(JsonObject body) throws NotAReview {
        long begin = System.nanoTime();
        Review review = Review.of(body);
        Verdict verdict = new Judge(classic, this::across).judge(review);
        metrics.judged(review, verdict, Duration.ofNanos(System.nanoTime() - begin));
        return switch (verdict) {
            case Verdict.Passed passed -> review.answer(review.allowed(), List.of());
            case Verdict.Accepted accepted -> review.answer(review.allowed(), texts(accepted.warnings()));
            case Verdict.Refused refused -> {
                LOG.infof("refused: %s", refused.message());
                yield review.answer(review.denied(refused.message()), texts(refused.warnings()));
            }
        };
    }

    private List<Diagnostic> across(Config<?> object) {
        List<Diagnostic> found = new ArrayList<>();
        checks.forEach(check -> found.addAll(check.check(object)));
        return found;
    }

    private static List<String> texts(List<Diagnostic> warnings) {
        return warnings.stream().map(Verdict::text).toList();
    }
}
