package io.flotilla.envoy.behaviour;

import io.flotilla.envoy.workbench.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;

/** Requests that are under way at once. */
final class Together {
    private Together() {}

    /**
     * The replies to so many requests.
     *
     * @param answered whether enough of them are answered, so that the others may go on
     * @param goOn     what they wait for
     */
    static List<Reply> ask(int count, Callable<Reply> request, LongPredicate answered, Runnable goOn) throws Exception {
        List<Future<Reply>> underWay = new ArrayList<>();
        List<Reply> replies = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                underWay.add(callers.submit(request));
            }
            Waiting.until(() -> underWay.stream().filter(Future::isDone).count(), answered::test);
            goOn.run();
            for (Future<Reply> each : underWay) {
                replies.add(each.get());
            }
        }
        return replies;
    }
}
