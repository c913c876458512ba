package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;

/**
 * The hosts of one deploy, going through its stages together: a stage begins when the one before has ended on all of
 * them, and a host that fails stops them all.
 */
final class Fleet implements AutoCloseable {

    private final List<HostRun> runs;
    private final ExecutorService pool;

    Fleet(List<HostRun> runs) {
        this.runs = List.copyOf(runs);
        this.pool = Executors.newFixedThreadPool(runs.size(), task -> {
            Thread thread = new Thread(task, "php-deploy-host");
            thread.setDaemon(true);
            return thread;
        });
    }

    List<HostRun> runs() {
        return runs;
    }

    HostRun first() {
        return runs.get(0);
    }

    /**
     * Has every host do a stage, all at a time.
     *
     * @throws PhpDeployException the failure of the first host that failed, when all have ended
     */
    void stage(Stage stage, Consumer<HostRun> work) {
        each(run -> run.timed(stage, () -> work.accept(run)));
        runs.stream()
                .map(HostRun::failure)
                .filter(failure -> failure != null)
                .findFirst()
                .ifPresent(failure -> {
                    throw failure;
                });
    }

    /** Has every host do something, all at a time; failures are kept by the host. */
    void each(Consumer<HostRun> work) {
        List<Future<?>> all = new ArrayList<>();
        for (HostRun run : runs) {
            all.add(pool.submit(() -> run.keepingFailure(() -> work.accept(run))));
        }
        try {
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("the build was interrupted", "run it again", e);
        }
    }

    /**
     * Forgets failures of a kind, where it was the only one, so that another attempt can be made.
     *
     * @throws PhpDeployException the first failure of another kind
     */
    void forgive(Class<? extends PhpDeployException> kind) {
        runs.stream()
                .map(HostRun::failure)
                .filter(failure -> failure != null && !kind.isInstance(failure))
                .findFirst()
                .ifPresent(failure -> {
                    throw failure;
                });
        runs.forEach(HostRun::forgetFailure);
    }

    /** Gives back every lock and hangs up. */
    @Override
    public void close() {
        try {
            each(HostRun::close);
        } finally {
            pool.shutdownNow();
        }
    }
}
