package io.github.phpdeploy.runtime.resident;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.probe.Pages;

/**
 * Asks a server which release it executes, over new connections that are open at the same time: one after the other, a server that
 * gives connections to workers by their number would give all to the same one.
 *
 * @param host from where
 * @param showing where and how it shows that
 */
public record Watch(Host host, ResidentSettings.Showing showing) {

    /**
     * What some connections showed.
     *
     * @param sightings the answers
     * @param silence why one got none; empty where all did
     */
    public record Round(List<Sighting> sightings, String silence) {}

    /**
     * Asks over several connections at once.
     *
     * @param connections how many
     * @param limit how long all may take
     * @return what they showed
     */
    public Round ask(int connections, Duration limit) {
        ExecutorService threads = Executors.newFixedThreadPool(connections, task -> {
            Thread thread = new Thread(task, "php-deploy-watch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CountDownLatch dialled = new CountDownLatch(connections);
            List<Future<Sighting>> asked = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                asked.add(threads.submit(() -> one(dialled, limit)));
            }
            List<Sighting> sightings = new ArrayList<>();
            String silence = "";
            for (Future<Sighting> each : asked) {
                try {
                    sightings.add(each.get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof IOException quiet)) {
                        throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
                    }
                    silence = Pages.words(quiet);
                }
            }
            return new Round(sightings, silence);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("asking the site was interrupted", "run the build again", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Sighting one(CountDownLatch dialled, Duration limit) throws IOException, InterruptedException {
        Pages.Line line;
        try {
            line = Pages.dial(host, showing.url(), limit);
        } finally {
            dialled.countDown();
        }
        try (line) {
            dialled.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            return Sighting.of(line.get(), showing);
        }
    }

    /** Whether the server leaves connections open after an answer; false also where it does not answer. */
    boolean isKeptAlive(Duration limit) {
        try (Pages.Line line = Pages.dial(host, showing.url(), limit)) {
            return line.isKeptAlive();
        } catch (IOException silent) {
            return false;
        }
    }

    URI url() {
        return showing.url();
    }
}
