package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** Retries that the timeout of the same rule leaves no time for. */
final class RetriesAndTimeout implements Check {
    private static final Entry NO_TIME =
            Entry.warning("FA0215", "the timeout of a rule ends before its retries can", """
            The rule's timeout covers the first try and all retries together. With attempts retries of perTryTimeout
            each, the tries would take longer than that, so the last ones never happen when each try takes as long as
            it may: callers see the timeout although a further server might have answered. Make timeout at least
            (attempts + 1) x perTryTimeout, or lower attempts or perTryTimeout.""");
    private static final Entry NEVER =
            Entry.warning("FA0216", "a try may take as long as the whole rule, so a slow one is never retried", """
            perTryTimeout is as long as the rule's timeout or longer: a try that is slow uses up all of the time, and
            no retry follows. Retries only help then against tries that fail at once. Give each try a part of the
            timeout only.""");
    private static final Entry DELAY =
            Entry.warning("FA0218", "an injected delay is longer than the caller will wait", """
            The fault delays requests before they are forwarded, for longer than the timeout of a rule that callers on
            the way go through. The delayed requests end as timeouts and show nothing of how the application copes
            with slowness. Inject less than the timeout, or raise the timeout for the time of the test.""");

    @Override
    public List<Entry> entries() {
        return List.of(NO_TIME, NEVER, DELAY);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        CallGraph calls = CallGraph.of(mesh);
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (int i = 0; i < service.spec().getHttpCount(); i++) {
                HTTPRoute route = service.spec().getHttp(i);
                retries(service, route, Paths.item("http", i), findings);
                if (route.getFault().getDelay().hasFixedDelay()) {
                    delay(calls, service, route, Paths.item("http", i), findings);
                }
            }
        }
    }

    private static void retries(Config<VirtualService> service, HTTPRoute route, FieldPath at, Findings findings) {
        long timeout = millis(route.getTimeout());
        long each = millis(route.getRetries().getPerTryTimeout());
        int attempts = route.getRetries().getAttempts();
        if (timeout <= 0 || each <= 0 || attempts <= 0) {
            return;
        }
        long all = Math.multiplyExact(each, (long) attempts + 1);
        FieldPath place = at.field("retries");
        if (each >= timeout) {
            findings.report(
                    NEVER,
                    service,
                    place.field("perTryTimeout"),
                    each + " ms is not less than the timeout of " + timeout + " ms: a slow try is never retried");
        } else if (all > timeout) {
            findings.report(
                    NO_TIME,
                    service,
                    place,
                    (attempts + 1) + " tries of " + each + " ms take " + all + " ms, but the timeout is " + timeout
                            + " ms");
        }
    }

    /** Callers that wait less long than the delay. */
    private static void delay(
            CallGraph calls, Config<VirtualService> service, HTTPRoute route, FieldPath at, Findings findings) {
        long delay = millis(route.getFault().getDelay().getFixedDelay());
        for (CallGraph.Rule caller : calls.callersOf(service)) {
            long timeout = millis(caller.route().getTimeout());
            if (timeout > 0 && timeout <= delay) {
                findings.report(
                        DELAY,
                        service,
                        at.field("fault").field("delay"),
                        "delays by " + delay + " ms, but " + caller.service().key() + " " + caller.at() + " waits "
                                + timeout + " ms");
                return;
            }
        }
    }

    static long millis(com.google.protobuf.Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }
}
