package io.flotilla.galley.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedWorkTest {
    /** In which a busy machine has begun the work. */
    private static final Duration BUDGET = Duration.ofSeconds(4);

    private final BoundedWork work = new BoundedWork("test", BUDGET);

    @AfterEach
    void stop() {
        work.close();
    }

    private static Diagnostic finding(String code) {
        return new Diagnostic(Severity.WARNING, code, Origin.NONE, "VirtualService a/b", "spec", "is wrong");
    }

    @Test
    void whatIsNotFoundInTimeIsLeftOutAndNobodyWaits() throws InterruptedException {
        CountDownLatch forever = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<Diagnostic> found = work.within((tell, more) -> {
            tell.accept(finding("FA0001"));
            await(forever);
            goesOn.set(more.getAsBoolean());
            tell.accept(finding("FA0002"));
            told.countDown();
        });
        assertThat(found).extracting(Diagnostic::code).containsExactly("FA0001");

        // The thread is still busy: the next is left out as a whole, and is not begun later.
        AtomicBoolean begun = new AtomicBoolean();
        assertThat(work.within((tell, more) -> begun.set(true))).isEmpty();
        forever.countDown();
        told.await();
        assertThat(goesOn).isFalse();
        assertThat(awaitFinding()).containsExactly("FA0003");
        assertThat(begun).isFalse();
        assertThat(found).hasSize(1);
    }

    /** The thread is free now, or very soon. */
    private List<String> awaitFinding() {
        List<Diagnostic> found = List.of();
        while (found.isEmpty()) {
            found = work.within((tell, more) -> tell.accept(finding("FA0003")));
        }
        return found.stream().map(Diagnostic::code).toList();
    }

    @Test
    void aMistakeOfACheckCostsNothingElse() {
        assertThat(work.within((tell, more) -> {
                    throw new IllegalStateException("a mistake");
                }))
                .isEmpty();
        assertThat(awaitFinding()).containsExactly("FA0003");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
