package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.release.ReleaseState;

/** Hosts that are ready are switched to the new release, batch by batch, each proved healthy before the next. */
final class Turnover {

    private final Fleet fleet;
    private final Switchover switchover;
    private final NewRelease release;
    private final DeployRequest request;
    private final DeployLog log;

    Turnover(Fleet fleet, Switchover switchover, NewRelease release, DeployRequest request, DeployLog log) {
        this.fleet = fleet;
        this.switchover = switchover;
        this.release = release;
        this.request = request;
        this.log = log;
    }

    /**
     * Switches all hosts.
     *
     * @throws PhpDeployException when it failed on one; those that were switched are to be switched back
     */
    void run() {
        log.barrier(release.id(), fleet.runs().size());
        List<List<HostRun>> batches = request.rollout().batches(fleet.runs());
        for (int i = 0; i < batches.size(); i++) {
            List<HostRun> batch = batches.get(i);
            if (batches.size() > 1) {
                log.batch(
                        i + 1, batches.size(), batch.stream().map(HostRun::name).toList());
            }
            turn(batch);
            if (i < batches.size() - 1) {
                pause();
            }
        }
    }

    private void turn(List<HostRun> batch) {
        request.rollout().drain().ifPresent(command -> fleet.stage(Stage.ACTIVATE, batch, run -> drain(run, command)));
        fleet.stage(
                Stage.ACTIVATE,
                batch,
                run -> switchover.activate(
                        run, release.id(), Optional.of(release.recordOn(run).in(ReleaseState.ACTIVE))));
        fleet.stage(Stage.RELOAD, batch, switchover::reload);
        fleet.stage(
                Stage.RELOAD,
                batch,
                run -> release.runHooks(run, request.hooks().afterActivation(), run == fleet.first()));
        fleet.stage(Stage.VERIFY, batch, run -> switchover.verify(run, release.id()));
        fleet.stage(Stage.VERIFY, batch, HostRun::undrain);
    }

    private void drain(HostRun run, String command) {
        // also when it fails, it may have been half of the work
        String undrain = request.rollout().undrain().orElseThrow();
        run.drained(() -> release.runHooks(run, List.of(new Hook(undrain, false)), false));
        release.runHooks(run, List.of(new Hook(command, false)), false);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(request.rollout().pause().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("the build was interrupted", "run it again", e);
        }
    }
}
