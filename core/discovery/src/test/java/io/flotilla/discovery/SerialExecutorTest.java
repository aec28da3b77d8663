package io.flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final SerialExecutor executor = new SerialExecutor(elsewhere::add);
    private final List<String> ran = new ArrayList<>();

    private Runnable task(String name) {
        return () -> ran.add(name);
    }

    @Test
    void runsHereWhereNothingElseDoes() {
        executor.executeHere(task("here"));

        assertThat(ran).containsExactly("here");
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void waitsForWhatCameBefore() {
        executor.execute(task("first"));
        executor.executeHere(task("here"));
        assertThat(ran).isEmpty();

        elsewhere.remove().run();

        assertThat(ran).containsExactly("first", "here");
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void whatComesMeanwhileRunsElsewhere() {
        executor.executeHere(() -> {
            executor.execute(task("meanwhile"));
            executor.executeHere(task("within"));
            ran.add("here");
        });
        assertThat(ran).containsExactly("here");

        elsewhere.remove().run();

        assertThat(ran).containsExactly("here", "meanwhile", "within");
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void goesOnAfterAFailure() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        List<Throwable> told = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> told.add(error));
        try {
            executor.executeHere(() -> {
                throw new IllegalStateException("broken");
            });
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        executor.executeHere(task("next"));

        assertThat(told).singleElement().extracting(Throwable::getMessage).isEqualTo("broken");
        assertThat(ran).containsExactly("next");
    }
}
