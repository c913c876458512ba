package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.github.phpdeploy.PhpDeployException;

/** Asks the same several times, a few at a time: each is two round trips to the host, and one after the other they add up. */
final class Together {

    private static final int AT_A_TIME = 5;

    private Together() {}

    static <T> List<T> ask(int times, Supplier<T> question) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, task -> {
            Thread thread = new Thread(task, "php-deploy-ask");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> asked = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                asked.add(threads.submit(question::get));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> each : asked) {
                answers.add(each.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("asking the pool was interrupted", "run the build again", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
