package io.flotilla.galley.webhook;

import io.flotilla.galley.kubernetes.ClusterClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Looks after the registration again and again: quickly until the door is closed, then to see that it stays so. */
final class RegistrationLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("galley.webhook");
    private static final Duration WHILE_OPEN = Duration.ofSeconds(1);
    private static final Duration WHILE_CLOSED = Duration.ofSeconds(5);

    private final ClusterClient client;
    private final Registration registration;
    private final Supplier<String> roots;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Registration.State state = new Registration.State.Open("not looked at yet");

    RegistrationLoop(
            ClusterClient client, String name, String namespace, ValidationMetrics metrics, Supplier<String> roots) {
        this.client = client;
        this.registration = new Registration(new Api(client), name, namespace, metrics);
        this.roots = roots;
        Thread.ofVirtual().name("registration").start(this::run);
    }

    private record Api(ClusterClient client) implements WebhookApi {
        @Override
        public Answer get(String path) {
            return answer(client.get(path));
        }

        @Override
        public Answer send(
                String method, String path, String contentType, com.fasterxml.jackson.databind.JsonNode body) {
            return answer(client.send(method, path, contentType, body));
        }

        private static Answer answer(ClusterClient.Answer answer) {
            return new Answer(answer.status(), answer.body(), answer.error());
        }
    }

    private void run() {
        do {
            Registration.State before = state;
            try {
                state = registration.step(roots.get());
            } catch (RuntimeException e) {
                state = new Registration.State.Open(String.valueOf(e.getMessage()));
            }
            if (!state.equals(before)) {
                switch (state) {
                    case Registration.State.Closed ignored ->
                        LOG.info("the API server asks us and lets nothing past us (failurePolicy Fail)");
                    case Registration.State.Open(String why) -> LOG.warnf("not fail-closed: %s", why);
                }
            }
        } while (!isClosedWithin(state instanceof Registration.State.Closed ? WHILE_CLOSED : WHILE_OPEN));
    }

    private boolean isClosedWithin(Duration wait) {
        try {
            return closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    Registration.State state() {
        return state;
    }

    @Override
    public void close() {
        closed.countDown();
        client.close();
    }
}
