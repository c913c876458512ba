package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.UnreachableException;

/**
 * The hosts of one deploy, going through its stages together: a stage begins when the one before has ended on all of
 * them, and a host that fails stops them all.
 */
final class Fleet implements AutoCloseable {

    private final List<HostRun> all;
    private final FleetRules rules;
    private final ExecutorService pool;
    private final Semaphore turns;
    private List<HostRun> runs;

    private Fleet(List<HostRun> all, FleetRules rules) {
        this.all = List.copyOf(all);
        this.runs = this.all;
        this.rules = rules;
        this.turns = new Semaphore(rules.parallel());
        this.pool = Executors.newFixedThreadPool(all.size(), task -> {
            Thread thread = new Thread(task, "php-deploy-host");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The hosts that a request names.
     *
     * @param needs what they must be able to run
     */
    static Fleet of(List<Target> targets, FleetRules rules, HostConnector connector, ShellUse needs, DeployLog log) {
        return new Fleet(
                targets.stream()
                        .map(target -> new HostRun(target, connector, needs, log))
                        .toList(),
                rules);
    }

    /** The hosts that take part. */
    List<HostRun> runs() {
        return runs;
    }

    /** All hosts that were named, those that are skipped among them. */
    List<HostRun> all() {
        return all;
    }

    /** Whether a host is left as it is, because it does not answer. */
    boolean isSkipped(HostRun run) {
        return !runs.contains(run);
    }

    HostRun first() {
        return runs.get(0);
    }

    /**
     * Connects to every host. Those that do not answer are left out from now on, where the rules say so.
     *
     * @throws PhpDeployException the failure of the first host that failed otherwise; or that too few answer
     */
    void connect(Consumer<HostRun> work) {
        each(run -> run.timed(Stage.CONNECT, () -> inTurn(() -> work.accept(run))));
        if (rules.skipUnreachable()) {
            List<HostRun> there = all.stream()
                    .filter(run -> !(run.failure() instanceof UnreachableException))
                    .toList();
            int least = rules.least().of(all.size());
            if (there.size() < least) {
                throw new PhpDeployException(
                        "only " + there.size() + " of " + all.size() + " hosts answer, and php.minHosts is "
                                + rules.least() + ": "
                                + all.stream()
                                        .filter(run -> !there.contains(run))
                                        .map(run -> run.failure().what())
                                        .collect(Collectors.joining("; ")),
                        "bring them up, take them out of php.hosts, or lower php.minHosts");
            }
            runs = there;
        }
        throwFailure();
    }

    /**
     * Has every host do a stage, all at a time, or as many as the rules allow where nobody notices.
     *
     * @throws PhpDeployException the failure of the first host that failed, when all have ended
     */
    void stage(Stage stage, Consumer<HostRun> work) {
        stage(stage, runs, work);
    }

    /**
     * Has some hosts do a stage.
     *
     * @throws PhpDeployException the failure of the first host that failed, when all have ended
     */
    void stage(Stage stage, List<HostRun> some, Consumer<HostRun> work) {
        each(
                some,
                run -> run.timed(stage, () -> {
                    if (stage.isInTurns()) {
                        inTurn(() -> work.accept(run));
                    } else {
                        work.accept(run);
                    }
                }));
        throwFailure();
    }

    private void inTurn(Runnable work) {
        turns.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            turns.release();
        }
    }

    private void throwFailure() {
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
        each(runs, work);
    }

    private void each(List<HostRun> some, Consumer<HostRun> work) {
        List<Future<?>> running = new ArrayList<>();
        for (HostRun run : some) {
            running.add(pool.submit(() -> run.keepingFailure(() -> work.accept(run))));
        }
        try {
            for (Future<?> one : running) {
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
            runs = all;
            each(HostRun::close);
        } finally {
            pool.shutdownNow();
        }
    }
}
